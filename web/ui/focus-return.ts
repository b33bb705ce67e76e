import { useEffect } from 'react'

/**
 * What opens over the page gives the focus back when it goes, however it goes: to where it came from, or, when that is
 * gone with it, to the page's main part. Without this a keyboard would begin again at the top.
 */
export function useFocusReturn(open: boolean): void {
  useEffect(() => {
    if (!open) return
    const before = document.activeElement
    return () => {
      // What closed it may set the focus itself, and the parts of the next screen are put in first.
      setTimeout(() => {
        if (document.activeElement && document.activeElement !== document.body) return
        const back =
          before instanceof HTMLElement && before !== document.body && before.isConnected ? before : document.querySelector('main')
        if (back instanceof HTMLElement) back.focus()
      }, 60)
    }
  }, [open])
}
