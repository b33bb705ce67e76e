import { useNavigate } from '@tanstack/react-router'
import { forgetSession } from '../../kernel/session.ts'

type Next = 'done' | 'second-factor' | 'second-factor-setup'

/** After a step of the sign-in: on to the next step, or into the house. */
export function useEnter(to?: string): (next: Next) => void {
  const navigate = useNavigate()
  const search = to ? { next: to } : {}
  return (next) => {
    forgetSession()
    if (next === 'second-factor') void navigate({ to: '/sign-in/second-factor', search })
    else if (next === 'second-factor-setup') void navigate({ to: '/sign-in/set-up', search })
    else void navigate({ to: (to ?? '/') as '/' })
  }
}
