import type { SampleFile } from '../steps.ts'
import { asPdf } from './papers.ts'
import { asPng, blank, box, colours as c, frame, type Picture, slope, write } from './pictures.ts'

/** The attachments of the told stories, by the name under which the stories mention them. */
export function storyFile(name: string): SampleFile {
  const make = pictures[name]
  if (make) return { name, mediaType: 'image/png', bytes: () => asPng(make()) }
  const paper = papers[name]
  if (paper) return { name, mediaType: 'application/pdf', bytes: paper }
  throw new Error(`No story file is called ${name}.`)
}

const pictures: Record<string, () => Picture> = {
  'screen-sheet-104.png': () => drawing('SHEET 104  1:50', true),
  'sheet-107-photo.png': () => drawing('SHEET 107  PAPER', false),
  'thin-grey-104.png': () => drawing('SHEET 104  THIN-GREY: 212', true, c.magenta),
  'plot-window.png': () =>
    dialog('DRAUGHTBOX - PLOT', ['PLOTTER:  LDS-PLOT1', 'DRIVER:   HPGL2', 'PAPER:    A0  841 X 1189', 'SCALE:    1:50', 'COPIES:   1']),
  'vpn-zertifikat.png': () =>
    dialog('VPN', ['KEINE VERBINDUNG', 'DAS ZERTIFIKAT DES SERVERS', 'IST ABGELAUFEN.', '', 'FEHLER 0X800B0101'], c.red),
  'gaeste-wlan.png': () => dialog('GAST-WLAN', ['CODE 1:  7KQ4-MN2R', 'CODE 2:  P9TX-4HVA', '', 'GILT BIS MONATSENDE', 'NUR INTERNET']),
  'test-square.png': square,
}

function dialog(title: string, lines: string[], bar: (typeof c)[keyof typeof c] = c.blue): Picture {
  const picture = blank(640, 300, c.grey)
  box(picture, 20, 20, 600, 260, c.white)
  box(picture, 20, 20, 600, 34, bar)
  write(picture, 34, 30, title, c.white, 2)
  for (const [i, line] of lines.entries()) write(picture, 44, 78 + i * 32, line, c.ink, 2)
  box(picture, 500, 236, 96, 30, c.line)
  write(picture, 530, 244, 'OK', c.ink, 2)
  return picture
}

/** A plan of a slab: outline, columns, and the thin hatching that got lost on paper. */
function drawing(title: string, complete: boolean, thin: (typeof c)[keyof typeof c] = c.grey): Picture {
  const picture = blank(720, 480, c.white)
  frame(picture, 40, 50, 640, 360, c.ink)
  frame(picture, 42, 52, 636, 356, c.ink)
  if (complete)
    for (let x = 60; x < 660; x += 12) slope(picture, x, 400, Math.min(x + 100, 670), x + 100 > 670 ? 400 - (670 - x) : 300, thin)
  for (let column = 0; column < 5; column++)
    for (let row = 0; row < 2; row++) box(picture, 90 + column * 130, 110 + row * 170, 22, 22, c.ink)
  if (complete) {
    box(picture, 90, 80, 520, 1, thin)
    write(picture, 300, 64, '12.400', thin, 2)
  }
  write(picture, 44, 428, title, c.ink, 2)
  write(picture, 480, 428, 'CALDER + WREN', c.ink, 2)
  return picture
}

function square(): Picture {
  const picture = blank(600, 420, [226, 221, 210])
  box(picture, 60, 40, 420, 320, c.white)
  frame(picture, 100, 70, 300, 260, c.ink)
  box(picture, 60, 350, 460, 36, [222, 184, 96])
  for (let x = 0; x < 46; x++) box(picture, 62 + x * 10, 350, 1, x % 5 === 0 ? 16 : 8, c.ink)
  write(picture, 150, 180, '498.2 X 497.1', c.red, 2)
  return picture
}

const sheets = ['101', '102', '103', '104', '105', '107', '108', '109', '111', '112', '113']
const report = (second: boolean) => [
  `Query: thin-grey ${second ? '2 (own colour, BYLAYER and BYBLOCK resolved)' : '1 (own colour)'}`,
  'Objects thinner than 0.18 mm and grey, which the HPGL2 driver may have dropped.',
  '',
  ...sheets.flatMap((sheet, i) => {
    const extra = second && ['107', '109', '113'].includes(sheet) ? 1 : 0
    return [
      `Sheet ${sheet}:  hatchings ${sheet === '107' ? 0 : 90 + ((i * 37) % 130)},  dimensions ${sheet === '111' ? 12 : sheet === '107' ? 0 : 3 + ((i * 5) % 7)},  leaders and section lines ${extra * (sheet === '107' ? 3 : 1)}`,
    ]
  }),
  '',
  'Dimensions that belong to reinforcement: 14, of which 5 on sheet 111.',
]

const papers: Record<string, () => Buffer> = {
  'thin-line-report.pdf': () => asPdf('Lost thin lines, eleven sheets', report(false)),
  'thin-line-report-2.pdf': () => asPdf('Lost thin lines, eleven sheets (second run)', report(true)),
  'messprotokoll-frankfurt.pdf': () =>
    asPdf('Messprotokoll Leitung Frankfurt', [
      'Anschluss: Leuchtnetz, Auftrag LN-88213. Router: Eingangspegel optisch, alle 10 s.',
      '',
      ...Array.from(
        { length: 14 },
        (_, i) =>
          `Ausfall ${String(i + 1).padStart(2, '0')}:  Signalverlust ${90 + ((i * 53) % 570)} s,  Pegel davor -${(17.1 + ((i * 7) % 9) / 10).toFixed(1)} dBm,  danach -${(17.0 + ((i * 5) % 8) / 10).toFixed(1)} dBm`,
      ),
      '',
      'Eigenes Gerät ausgeschlossen: SFP getauscht, Verlauf unverändert.',
    ]),
}
