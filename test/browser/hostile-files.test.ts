import { expect, it } from 'vitest'
import { useLiveDesk } from './desk.ts'
import { watchPage } from './oracles.ts'

/** Files that would act in a browser: seen to act when they are served carelessly, and to lie still as we serve them. */
const desk = useLiveDesk()
const files = [
  { name: 'code.js', type: 'text/javascript', content: 'window.__x = 1' },
  { name: 'both.gif', type: 'image/gif', content: 'GIF89a=1;window.__x = 1' },
  { name: 'data.json', type: 'application/json', content: 'window.__x = 1' },
  { name: 'notes.txt', type: 'text/plain', content: 'window.__x = 1' },
  { name: 'page.html', type: 'text/html', content: '<!doctype html><script>window.__x = 1</script>' },
  {
    name: 'page.xhtml',
    type: 'application/xhtml+xml',
    content: '<html xmlns="http://www.w3.org/1999/xhtml"><script>window.__x = 1</script></html>',
  },
  { name: 'picture.svg', type: 'image/svg+xml', content: '<svg xmlns="http://www.w3.org/2000/svg" onload="window.__x = 1"/>' },
  { name: 'picture.png', type: 'image/png', content: '<svg xmlns="http://www.w3.org/2000/svg" onload="window.__x = 1"/>' },
]
const scripts = ['code.js', 'both.gif', 'data.json', 'notes.txt']
const pages = ['page.html', 'page.xhtml', 'picture.svg']

it('D-041: an uploaded file runs neither as a script of our page nor as a page of ours', async () => {
  const casey = await desk.person('requester')
  const { page, context } = await desk.open(casey)
  await page.goto('/portal')
  const ids = (await page.evaluate(`(async () => { const form = new FormData()
    for (const f of ${JSON.stringify(files)}) form.append('f', new Blob([f.content], { type: f.type }), f.name)
    const sent = await (await fetch('/api/uploads', { method: 'POST', body: form })).json()
    return Object.fromEntries(sent.items.map((one) => [one.name, one.id])) })()`)) as Record<string, string>
  expect(Object.keys(ids)).toHaveLength(files.length)

  const asScript = (name: string) =>
    page.evaluate(`new Promise((done) => { delete window.__x; const s = document.createElement('script'); s.src = '/api/attachments/${ids[name]}'
      s.onload = s.onerror = () => done(window.__x ?? null); document.head.append(s) })`)
  for (const name of scripts) expect(await asScript(name), `${name} as a script`).toBeNull()

  // What opens is at most the picture that it says it is; all else is a download, and its page never comes to be.
  const opened = await context.newPage()
  const oracles = watchPage(opened)
  for (const name of Object.keys(ids)) {
    const download = opened.waitForEvent('download', { timeout: 5000 }).catch(() => null)
    const went = await opened.goto(`/api/attachments/${ids[name]}`).catch(() => null)
    if (name.startsWith('picture.png') || name === 'both.gif') expect(went?.headers()['content-type']).toMatch(/^image\/(png|gif)$/)
    else expect((await download)?.suggestedFilename()).toBe(name)
    expect(await opened.evaluate('window.__x ?? null')).toBeNull()
  }
  expect(oracles.outside).toEqual([])

  // The defence off: the same bytes at the same address, with the type that their sender wished and no headers of ours.
  await context.route('**/api/attachments/*', (route) => {
    const file = files.find((one) => ids[one.name] === route.request().url().split('/').at(-1))
    const contentType = scripts.includes(file?.name ?? '') ? 'text/javascript' : (file?.type ?? '')
    return route.fulfill({ status: 200, contentType, body: file?.content ?? '' })
  })
  for (const name of scripts) expect(await asScript(name), `${name} runs where it is served carelessly`).toBe(1)
  for (const name of pages) {
    await opened.goto(`/api/attachments/${ids[name]}`)
    expect(await opened.evaluate('window.__x ?? null'), `${name} runs where it is served carelessly`).toBe(1)
  }
  await context.close()
})
