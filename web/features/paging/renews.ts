/** What is read anew when a page was acted on. */
export const pageRenews = ['GET /api/pages', 'GET /api/pages/:id', 'GET /api/tickets/:id/pages'] as const
