import { sql } from 'kysely'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { useLiveDesk } from './desk.ts'
import { useFilledDesk } from './filled-desk.ts'
import { axeFindings } from './oracles.ts'

/**
 * What a click or a key opens: menus, popovers, dialogs, sheets, the palette, each way of writing, the steps of the
 * first set-up, the sample company. Light and dark, desktop and phone: axe finds nothing, nothing is wider than the page.
 */
const desk = useLiveDesk()
const filled = useFilledDesk(desk)

const button = (name: string | RegExp) => (page: Page) => page.getByRole('button', { name }).first().click()
const press = (keys: string) => (page: Page) => page.keyboard.press(keys)
const tab = (name: string | RegExp) => (page: Page) => page.getByRole('tab', { name }).click()
const item = (name: string | RegExp) => (page: Page) => page.getByRole('menuitem', { name }).click()
type Step = (page: Page) => Promise<unknown>
type Thing = { name: string; at: string; who?: 'requester'; on?: 'desktop' | 'phone'; steps: Step[] }

const write = (text: string) => (page: Page) => page.getByRole('textbox', { name: /^(Reply|Internal note|Phone entry)$/ }).fill(text)
const composer =
  (kind: 'Reply' | 'Note' | 'Phone'): Step =>
  async (page) => {
    const small = page.getByRole('button', { name: kind, exact: true })
    if (await small.count()) await small.first().click()
    if (kind !== 'Reply') await page.getByRole('button', { name: kind === 'Note' ? 'Internal note' : 'Phone entry' }).click()
  }

const list: Thing[] = [
  { name: 'order menu', at: '/tickets', steps: [button(/^Order:/)] },
  { name: 'view menu', at: '/tickets', on: 'phone', steps: [button(/All open/)] },
  { name: 'held list', at: '/tickets', steps: [button('Hold the list still')] },
  { name: 'bell', at: '/tickets', steps: [button(/^Notices/)] },
  { name: 'profile menu', at: '/tickets', steps: [button(/^Profile and settings/)] },
  { name: 'my state', at: '/tickets', on: 'desktop', steps: [button(/^My state/)] },
  { name: 'more places', at: '/tickets', on: 'phone', steps: [button('More')] },
  { name: 'palette', at: '/tickets', steps: [press('Control+k')] },
  { name: 'palette with results', at: '/tickets', steps: [press('Control+k'), (page) => page.keyboard.type('vpn')] },
  { name: 'key help', at: '/tickets', on: 'desktop', steps: [press('?')] },
]
const onTicket: Omit<Thing, 'at'>[] = [
  { name: 'status menu', steps: [button(/^Status:/)] },
  { name: 'waiting', steps: [button(/^Status:/), item('Waiting for vendor')] },
  { name: 'priority', steps: [button(/^Priority:/)] },
  { name: 'priority by hand', steps: [button(/^Priority:/), button('Set it by hand'), button(/^Set$/)] },
  { name: 'list of priorities', steps: [button(/^Priority:/), button('Set it by hand'), press('ArrowDown')] },
  { name: 'assign', steps: [button(/^Assign to:/)] },
  { name: 'category', steps: [button(/^(No category|Category:)/)] },
  { name: 'tags', steps: [button('No tags')] },
  { name: 'pass on', steps: [button(/^Pass on:/)] },
  { name: 'resolve', steps: [button('Resolve')] },
  { name: 'resolve, ways', steps: [button('Resolve'), (page) => page.locator('[role="dialog"] input').first().click()] },
  { name: 'more', steps: [button('More actions')] },
  { name: 'rename', steps: [button('More actions'), item('Change the subject')] },
  { name: 'restrict', steps: [button('More actions'), item('Restrict…')] },
  { name: 'block the sender', steps: [button('More actions'), item(/block the sender/)] },
  { name: 'about', on: 'phone', steps: [button('Show what is known')] },
  { name: 'reply', steps: [composer('Reply'), write('Please try again.')] },
  { name: 'send and', steps: [composer('Reply'), write('Please try again.'), button('Send and …')] },
  { name: 'note', steps: [composer('Note'), write('Certificate.')] },
  { name: 'phone entry', steps: [composer('Phone'), write('They called.')] },
  {
    name: 'sent, to be undone',
    steps: [
      composer('Reply'),
      write('Please try again.'),
      press('Control+Enter'),
      (page) => page.getByText('The answer goes out.').waitFor(),
    ],
  },
]
const ticket: Thing[] = onTicket.map((thing) => ({ ...thing, at: '/tickets/{ticket}' }))
const rest: Thing[] = [
  { name: 'new person', at: '/people', steps: [button('New person')] },
  { name: 'change a person', at: '/people/{asker}', steps: [button(/^Edit/)] },
  { name: 'new organisation', at: '/organisations', steps: [button(/^New (organisation|customer)/)] },
  { name: 'change an organisation', at: '/organisations/{organisation}', steps: [button(/^Edit/)] },
  { name: 'new contact', at: '/organisations/{organisation}', steps: [button('Add a contact')] },
  { name: 'who looks after it', at: '/organisations/{organisation}', steps: [button('Change who looks after it')] },
  { name: 'new team', at: '/teams', steps: [button('New team')] },
  { name: 'rules', at: '/teams?tab=rules', steps: [] },
  { name: 'new rule', at: '/teams?tab=rules', steps: [button('New rule')] },
  { name: 'new category', at: '/teams?tab=categories', steps: [button('New category')] },
  { name: 'statuses', at: '/teams?tab=statuses', steps: [] },
  { name: 'outbox', at: '/mail?tab=outbox', steps: [] },
  { name: 'mailboxes', at: '/mail?tab=mailboxes', steps: [] },
  { name: 'new mailbox', at: '/mail?tab=mailboxes', steps: [button('New mailbox')] },
  { name: 'blocked senders', at: '/mail?tab=blocked', steps: [] },
  { name: 'keys', at: '/profile', steps: [tab(/^Appearance/)] },
  {
    name: 'key that is taken',
    at: '/profile',
    steps: [tab(/^Appearance/), (page) => page.getByRole('textbox', { name: 'Reply' }).press('j')],
  },
  { name: 'notices', at: '/profile', steps: [tab('Notices')] },
  { name: 'security', at: '/profile', steps: [tab('Security')] },
  { name: 'set-up, company', at: '/set-up?step=company', steps: [] },
  { name: 'set-up, mailbox', at: '/set-up?step=mailbox', steps: [] },
  { name: 'set-up, colleagues', at: '/set-up?step=colleagues', steps: [] },
  { name: 'set-up, finish', at: '/set-up?step=finish', steps: [] },
  {
    name: 'request begun',
    at: '/portal',
    who: 'requester',
    steps: [(page) => page.getByRole('textbox').first().fill('My screen stays dark')],
  },
  { name: 'request sent', at: '/portal/sent/{ticket}', who: 'requester', steps: [] },
  { name: 'request seen by staff', at: '/portal/requests/{ticket}', steps: [] },
]
const sample: Thing[] = [
  { name: 'sample mailboxes', at: '/demo/mail', steps: [] },
  { name: 'sample mails', at: '/demo/mail?of=hazel@nordwind.example', steps: [] },
  {
    name: 'sample mail',
    at: '/demo/mail?of=hazel@nordwind.example',
    steps: [(page) => page.getByRole('link', { name: /Bids folder/ }).click()],
  },
  { name: 'roles', at: '/tickets', steps: [button(/^You are/)] },
  { name: 'five things', at: '/tickets', steps: [button(/^Try/)] },
  { name: 'own company', at: '/tickets', steps: [button(/^Try/), button('Show how')] },
]

type Opened = Awaited<ReturnType<typeof desk.open>>
const shapes = [
  { shape: 'desktop', phone: false },
  { shape: 'phone', phone: true },
]
/** A thing is opened once and looked at twice: in light with every rule, then in dark for what dark can break. */
function lookAt(things: readonly Thing[]): void {
  describe.each(shapes)('$shape', ({ shape, phone }) => {
    const opened = new Map<string, Opened>()
    afterAll(async () => {
      for (const { context } of opened.values()) await context.close()
    })
    it.each(things.filter(({ on }) => !on || on === shape))('$name', async ({ name, at, who = 'staff', steps }) => {
      const kept = opened.get(who) ?? (await desk.open(who === 'staff' ? filled.admin : filled.asker, { phone }))
      opened.set(who, kept)
      const { page, oracles } = kept
      page.setDefaultTimeout(8000)
      await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
      await page.waitForTimeout(100)
      await begin(page, at)
      for (const step of steps) {
        await step(page)
        await page.waitForTimeout(120)
      }
      await filled.until(page, `!document.querySelector('[aria-busy="true"]')`)
      await picture(page, `${name}-${shape}-light`)
      expect(await axeFindings(page)).toEqual([])
      const tooWide = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
      expect(tooWide, 'wider than the page').toBeLessThanOrEqual(0)
      await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
      await filled.until(page, `document.documentElement.dataset.mantineColorScheme === 'dark' && document.getAnimations().length === 0`)
      await page.waitForTimeout(250)
      await picture(page, `${name}-${shape}-dark`)
      expect(await axeFindings(page, ['color-contrast', 'link-in-text-block'])).toEqual([])
      await oracles.check()
    })
  })
}
/** Where the page stands already, what was open is closed by keys; that spares loading it anew. */
const stands = new WeakMap<Page, string>()
async function begin(page: Page, at: string): Promise<void> {
  const open = page.locator('[role="dialog"], [role="menu"], [role="listbox"]').filter({ visible: true })
  if (stands.get(page) === at)
    for (let n = 0; n < 3 && (await open.count()) > 0; n++) await page.keyboard.press('Escape').then(() => page.waitForTimeout(120))
  if (stands.get(page) !== at || (await open.count()) > 0) await filled.go(page, at)
  stands.set(page, at)
}
const picture = (page: Page, name: string) =>
  process.env.OPENED ? page.screenshot({ path: `${process.env.OPENED}/${name.replace(/\W+/g, '-')}.png` }) : undefined

describe('on the desk', () => lookAt([...list, ...ticket, ...rest]))

describe('in the sample company', () => {
  beforeAll(() =>
    desk.kernel.asSystem(async ({ db, now }) => {
      const cards = [
        { key: 'administrator', name: filled.admin.name, role: 'Administrator', personId: filled.admin.id },
        { key: 'office-worker', name: filled.asker.name, role: 'Office worker', personId: filled.asker.id },
      ]
      const value = JSON.stringify({ cards, madeAt: now.toString(), seed: 'test' })
      await sql`insert into setting (name, value, changed_at) values ('demo', ${value}, ${now.toString()})`.execute(db)
      const raw = await desk.kernel.files.put(Buffer.from('From: desk@desk.example\r\nSubject: Bids folder\r\n\r\nWe are on it.\r\n'))
      await sql`insert into file (sha256, size, created_at) values (${raw.sha256}, ${raw.size}, ${now.toString()}) on conflict do nothing`.execute(
        db,
      )
      await sql`insert into demo_mail (at, address, sha256, from_name, from_address, subject)
        values (${now.toString()}, 'hazel@nordwind.example', ${raw.sha256}, 'Desk', 'desk@desk.example', 'Bids folder')`.execute(db)
    }),
  )
  lookAt(sample)
})
