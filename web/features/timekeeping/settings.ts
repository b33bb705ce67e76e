import type { TimeSettings } from '../../../contract/time.ts'
import { useCall } from '../../kernel/query.ts'

/** Until they are there, time is shown as it is. */
const before: TimeSettings = { unit: 1, rounding: 'none', show: 'minutes', billable: false }
export const useTimeSettings = (): TimeSettings => useCall('GET /api/time/settings', {}, { staleTime: 300_000 }).data ?? before
