import { useTexts } from '../../kernel/i18n.ts'
import { useCall } from '../../kernel/query.ts'
import { Loaded } from '../../ui/States.tsx'
import { ChoiceTable } from './ChoiceTable.tsx'
import { choiceTexts } from './choice-texts.ts'
import { Presets } from './Presets.tsx'
import { Preview } from './Preview.tsx'
import { QuietHours } from './QuietHours.tsx'

/** In my profile: what I am told of, by which way and when; and what that would have been yesterday. */
export function NoticeChoices() {
  const t = useTexts(choiceTexts)
  const choices = useCall('GET /api/notices/choices')
  return (
    <Loaded from={choices}>
      {(chosen) => (
        <div className="stack">
          <Presets chosen={chosen} />
          <QuietHours key={JSON.stringify(chosen.quiet)} chosen={chosen} label={t('quiet')} />
          <ChoiceTable chosen={chosen} />
          <Preview />
        </div>
      )}
    </Loaded>
  )
}
