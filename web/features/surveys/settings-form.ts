import type { SurveySettings } from '../../../contract/surveys.ts'
import type { useForm } from '../../kernel/forms.ts'
import type { Option } from '../../ui/Fields.tsx'

/** As the form holds it: what is chosen keeps its name. */
export type SettingsFields = Omit<SurveySettings, 'organisations' | 'followUpPerson'> & {
  organisationIds: Option[]
  followUpPersonId: Option | null
}
export type SettingsForm = ReturnType<typeof useForm<SettingsFields>>
