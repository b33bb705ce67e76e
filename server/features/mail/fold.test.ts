import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { foldReply } from './fold.ts'
import { fixture } from './mail-fixtures.ts'
import { readMail } from './read-mail.ts'

const written = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .sort()

describe('the new words of a reply are what a reader sees', () => {
  test.each([
    ['reply-outlook-english', 'Thanks, the VPN works now.\nCould you also add my colleague?', 'Please try again with the new profile.'],
    ['reply-gmail', 'It works ✅, thank you!', 'Please try again with the new profile.'],
    ['reply-apple-german', 'Danke, passt jetzt.', 'Der Toner wurde getauscht.'],
  ])('%s', async (name, visible, folded) => {
    const mail = await readMail(fixture(name))
    expect(mail.visibleText).toBe(visible)
    expect(mail.quotedText).toContain(folded)
  })

  test('a German Outlook reply keeps greeting and name, and folds the card and the old mail', async () => {
    const mail = await readMail(fixture('reply-outlook-german'))
    expect(mail.visibleText).toMatch(/^Hallo Herr Weber,[\s\S]*Mit freundlichen Grüßen\s+Anna Krause$/)
    expect(mail.quotedText).toContain('Leiterin Einkauf')
    expect(mail.quotedText).toContain('der Toner wurde getauscht')
  })

  test('answers between quotes keep their questions', async () => {
    const mail = await readMail(fixture('reply-interleaved'))
    expect(mail.visibleText).toContain('> Wann soll es losgehen?\n\nAm 1. April, gern auch früher.')
    expect(mail.visibleText).not.toContain('Werk 2')
  })

  test.each([
    ['Am Mo., 2. März 2026 um 10:11 Uhr schrieb Support <help@desk.example>:'],
    ['Support <help@desk.example> schrieb am Mo., 2. März 2026, 10:11:'],
    ['On 02/03/2026 10:11, Support wrote:'],
    ['On Mon, 2 Mar 2026 at 10:11, Support\n<help@desk.example> wrote:'],
    ['Le lun. 2 mars 2026 à 10:11, Support <help@desk.example> a écrit :'],
    ['Am Dienstag, 5. Januar 2016, 10:21:33 CET schrieb Petra Müller:'],
    ['Petra Müller <petra@kunde.example> hat am 05.01.2016 10:21 geschrieben:'],
    ['El mar, 5 ene 2016 a las 10:21, Ana (<ana@x.example>) escribió:'],
    ['Il giorno mar 5 gen 2016 alle ore 10:21 Ada <ada@x.example> ha scritto:'],
    ['Dne út 5. 1. 2016 10:21 uživatel Jan <jan@x.example> napsal:'],
    ['Den tis 5 jan. 2016 kl 10:21 skrev Eva <eva@x.example>:'],
    ['5 Oca 2016 Sal 10:21 tarihinde Ali <ali@x.example> şunu yazdı:'],
    ['2016年1月5日(火) 10:21 Taro <taro@x.example>:'],
    ['вт, 5 янв. 2016 г. в 10:21, Иван <ivan@x.example>:'],
    ['Gesendet: Dienstag, 05. Januar 2016 um 10:21 Uhr\nVon: Support <help@desk.example>\nAn: anna@kunde.example\nBetreff: x'],
    ['-------- Originalnachricht --------'],
    ['Von meinem Samsung Galaxy Smartphone gesendet.'],
    ['Von: Support\nGesendet: Montag, 2. März 2026 10:11\nAn: Anna\nBetreff: AW: x'],
    ['-----Ursprüngliche Nachricht-----'],
    ['-----Original Message-----\nFrom: Support\nSent: Monday\nSubject: x'],
    ['*Von:* Support <help@desk.example>\n*Gesendet:* Montag, 2. März 2026 10:11\n*An:* Anna\n*Betreff:* AW: x'],
  ])('everything from "%s" on is folded', (header) => {
    const folded = foldReply(`My answer.\n\n${header}\n\nThe old mail\nover two lines.\n`)
    expect(folded.visible).toBe('My answer.')
    expect(folded.quoted).toBe(`${header}\n\nThe old mail\nover two lines.`)
  })

  test.each([
    ['On Monday 2 machines failed, on Tuesday 5.\nI wrote: help\n\nThe rest.'],
    ['Am 3. Mai fiel der Server aus.\nDanach schrieb er Fehler:\n\nE_FAIL 0x80004005'],
    ['2024-01-15 14:30:25 ERROR disk full\n2024-01-15 14:30:26 ERROR disk full'],
    ['Sent from my desk, which is easier than my phone.\nMore words.'],
    ['Settings:\nTo: 10\nSubject: none\nthat is all'],
    ['I use\n----------\nas a rule\n----------\nin my texts'],
    ['Abfahrt:\nVon: Berlin\nAn: Köln\nDatum: 3.5. 10:00\nBitte buchen'],
    ['Das Paket:\nGesendet mit DHL am 3.5.\nWo ist es?'],
    ['Grüße aus Köln\nund noch eine Frage: geht das?'],
    ['> only a quote'],
    ['>>> print(1) <<<\nfollows'],
    ['---------- Forwarded message ---------\nFrom: a@b.c\nDate: Monday\nSubject: x\n\nPlease look.'],
  ])('nothing is folded away from "%s"', (text) => {
    expect(foldReply(text)).toEqual({ visible: text })
  })
})

describe('nothing is lost', () => {
  const line = fc.constantFrom(
    'words of a person',
    '',
    '> quoted',
    '>> twice quoted',
    '-- ',
    'On 2 Mar 2026, Anna <a@b.c> wrote:',
    'From: a@b.c',
    'Date: today',
    'Subject: x',
    '-----Original Message-----',
    'Sent from my iPhone',
    'Best regards,',
    '| barred',
    '<',
    'a@b.c>',
    '____',
    'Von: Anna',
  )
  test('every line is visible or folded, for any mixture of lines', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 40 }), (lines) => {
        const text = lines.join('\n')
        const { visible, quoted = '' } = foldReply(text)
        expect(written(`${visible}\n${quoted}`)).toEqual(written(text))
        if (text.trim() !== '') expect(visible.trim()).not.toBe('')
      }),
      { numRuns: 500 },
    )
  })
})

describe('time grows with length and not faster', () => {
  const shapes: [name: string, make: (size: number) => string][] = [
    ['one long word', (size) => `${'a'.repeat(size)}!`],
    ['one long address', (size) => `http://x/${'a/'.repeat(size / 2)}`],
    ['deep quotes', (size) => `${'>'.repeat(size)} x`],
    ['100,000 quote levels', (size) => `${'>'.repeat(100_000)}\n`.repeat(size / 100_000)],
    ['signature marks', (size) => '-- \nx\n'.repeat(size / 6)],
    ['half attributions', (size) => 'On Mon, 3 May 2020 at 10:11 Bob\n'.repeat(size / 32)],
    ['addresses', (size) => `${'a@b.c '.repeat(80)}\n`.repeat(size / 481)],
    ['header lines', (size) => 'From: x\n'.repeat(size / 8)],
    ['verbs', (size) => 'x wrote:\n'.repeat(size / 9)],
    ['empty lines', (size) => '\n'.repeat(size)],
    ['spaces', (size) => ' '.repeat(size)],
  ]
  test.each(shapes)('%s', (_name, make) => {
    /** Processor time, not the clock on the wall: the machine may be busy. The best of three, or the first that is good enough. */
    const timeOf = (size: number, enough = 0) => {
      const text = make(size)
      let least = Number.POSITIVE_INFINITY
      for (let tries = 0; tries < 3 && least >= enough; tries++) {
        const start = process.cpuUsage()
        foldReply(text)
        const used = process.cpuUsage(start)
        least = Math.min(least, (used.user + used.system) / 1000)
      }
      return least
    }
    timeOf(100_000)
    const one = timeOf(1_000_000)
    const most = Math.max(one, 25) * 10
    const four = timeOf(4_000_000, most)
    // Shared machines are noisy: a quadratic step would be sixteen times as slow and seconds long. How long a megabyte
    // takes is a row of the benchmark (A-008: 200 ms).
    expect(four).toBeLessThan(most)
  })
})
