import type { Answer } from '../../kernel/call.ts'
import type { useForm } from '../../kernel/forms.ts'

export type Settings = Answer<'GET /api/company/settings'>
export type SettingsForm = ReturnType<typeof useForm<Settings>>
