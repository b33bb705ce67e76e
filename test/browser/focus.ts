import type { Page } from 'playwright-core'

/**
 * Where the focus is, and whether one sees it: an outline or a ring of at least 1 px that the element has only while it
 * is focused by the keyboard, and inside the window. Runs in the page.
 */
export type Focus = { name: string; lost: boolean; seen: boolean; inWindow: boolean }

const look = `(() => {
  const at = document.activeElement
  if (!at || at === document.body) return { name: 'nothing', lost: true, seen: false, inWindow: false }
  const ringed = (e) => {
    const s = getComputedStyle(e)
    return (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 1) || s.boxShadow !== 'none'
  }
  const marks = (e) => { const s = getComputedStyle(e), after = getComputedStyle(e, '::after'); return [after.outlineStyle, s.outlineStyle, s.outlineWidth, s.boxShadow, s.borderTopColor, s.backgroundColor].join('|') }
  const shown = at.closest('label') ?? at
  // A field may draw its focus on the box around it.
  const near = [at, shown, at.parentElement, at.nextElementSibling, at.closest('section')].filter(Boolean)
  const before = near.map(marks)
  const ringedNow = ringed(at)
  at.blur()
  const after = near.map(marks)
  at.focus({ preventScroll: true })
  const box = at.getBoundingClientRect()
  const role = at.getAttribute('role') ?? at.tagName.toLowerCase()
  return {
    name: role + ' "' + (at.getAttribute('aria-label') ?? at.innerText ?? at.value ?? '').trim().slice(0, 40) + '"',
    lost: false,
    seen: (at.matches(':focus-visible') && ringedNow) || before.some((mark, i) => mark !== after[i]),
    inWindow: box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth,
  }
})()`

export const focusNow = (page: Page): Promise<Focus> => page.evaluate(look) as Promise<Focus>
