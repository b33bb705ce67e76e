/** What shows something of a customer: all of it is old once one part was changed. */
export const customerRenews = [
  'GET /api/organisations/:id/overview',
  'GET /api/organisations/:id/path',
  'GET /api/customer-paths',
  'GET /api/tickets/:id/customer',
  'GET /api/people/:id/customer',
] as const
