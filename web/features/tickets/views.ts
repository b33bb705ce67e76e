import { IconBellZ, IconCircleCheck, IconHourglass, IconInbox, IconStack2, IconTrash, IconUser, IconUsersGroup } from '@tabler/icons-react'
import type { ViewKey } from './list.ts'

export const viewIcons: Record<ViewKey, typeof IconInbox> = {
  mine: IconUser,
  team: IconUsersGroup,
  unassigned: IconInbox,
  waiting: IconHourglass,
  'all-open': IconStack2,
  snoozed: IconBellZ,
  resolved: IconCircleCheck,
  deleted: IconTrash,
}
