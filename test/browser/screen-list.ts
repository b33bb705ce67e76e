/** Every screen, by who opens it; `{ticket}` and its like are what filled-desk.ts made. */
export const staffScreens = [
  '/tickets',
  '/tickets/{ticket}',
  '/new-ticket',
  '/visits',
  '/people',
  '/people/{asker}',
  '/organisations',
  '/organisations/{organisation}',
  '/teams',
  '/mail',
  '/health',
  '/settings',
  '/audit',
  '/settings/sign-in',
  '/settings/imports',
  '/settings/imports/new',
  '/settings/exports',
  '/satisfaction',
  '/settings/satisfaction',
  '/profile',
]
export const portalScreens = ['/portal', '/portal/requests', '/portal/requests/{ticket}', '/portal/requests/{resolved}', '/portal/profile']
export const openScreens = [
  '/sign-in',
  '/link/abcdefghijklmnopqrstuv',
  '/answer/abcdefghijklmnopqrstuv',
  '/survey/abcdefghijklmnopqrstuv',
  '{setUp}',
  '/nowhere-at-all',
]
