import { useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import { sayIn } from '../../kernel/i18n.ts'
import { toast } from '../../ui/Toast.tsx'
import { relationTexts } from './texts.ts'

let said = ''

/** An old number leads on: to colleagues' screen, or to the portal's. */
export function MergedAway({ from, into, to }: { from: string; into: string; to: '/tickets/$ticketId' | '/portal/requests/$ticketId' }) {
  const navigate = useNavigate()
  useEffect(() => {
    // Said once, however often this is drawn before the address has changed.
    if (said !== `${from}>${into}`) toast(sayIn(relationTexts)('merged', { from, into }), { seconds: 8 })
    said = `${from}>${into}`
    setTimeout(() => {
      said = ''
    }, 2000)
    void navigate({ to, params: { ticketId: into }, search: true as never, replace: true })
  }, [from, into, to, navigate])
  return null
}
