import { useCall } from '../../kernel/query.ts'
import { Loaded } from '../../ui/States.tsx'
import { CompanyAccounts } from '../sessions/CompanyAccounts.tsx'
import { FreshDialog, useFresh } from './FreshSignIn.tsx'
import { Passkeys } from './Passkeys.tsx'
import { PasswordPart } from './PasswordPart.tsx'
import styles from './Profile.module.css'
import { Sessions } from './Sessions.tsx'
import { Tokens } from './Tokens.tsx'
import { TotpPart } from './TotpPart.tsx'

/** My ways to sign in, where I am signed in, and with `tokens` what programs do in my name. */
export function SecurityParts({ tokens = false }: { tokens?: boolean }) {
  const security = useCall('GET /api/me/security')
  const fresh = useFresh()
  return (
    <Loaded from={security}>
      {(known) => (
        <div className={styles.parts}>
          <PasswordPart has={known.password} />
          <TotpPart on={known.totp} left={known.recoveryCodesLeft} refused={fresh.take} />
          <Passkeys passkeys={known.passkeys} refused={fresh.take} />
          <CompanyAccounts refused={fresh.take} />
          <Sessions sessions={known.sessions} />
          {tokens && <Tokens tokens={known.tokens} />}
          <FreshDialog {...fresh} />
        </div>
      )}
    </Loaded>
  )
}
