import { useMe } from '../../kernel/session.ts'

/** To the person who asked, what is solved stays open until they have said so. */
export const openMeanings = 'new,open,waiting-requester,waiting-vendor,waiting-approval,waiting-record,scheduled,resolved'
export const pastMeanings = 'closed,cancelled'

/** Staff see many tickets; here they see what they asked for themselves. Who sees the organisation's chooses. */
export function useMine(everyones = false): { requesterId?: string } {
  const me = useMe()
  const viewer = me.roles.includes('organisation-viewer')
  return me.staff || (viewer && !everyones) ? { requesterId: me.id } : {}
}
export function useMaySeeOrganisation(): boolean {
  const me = useMe()
  return !me.staff && me.roles.includes('organisation-viewer')
}
