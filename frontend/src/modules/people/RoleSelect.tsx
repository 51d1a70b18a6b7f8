import { useSession } from '@/shared/api/queries'
import { Field } from '@/shared/ui/Field'
import { rolesUpTo, roleText } from './permissions'

interface RoleSelectProps {
  value: string
  onChange: (role: string) => void
}

/** Only the roles that one may give: none above one's own. */
export function RoleSelect({ value, onChange }: RoleSelectProps) {
  const own = useSession()?.user.role
  return (
    <Field label="Role" help="Each role may do what the ones before it may; Settings → Roles has the table.">
      {props => (
        <select {...props} value={value} onChange={event => onChange(event.target.value)} className="field">
          {rolesUpTo(own).map(role => (
            <option key={role} value={role}>
              {roleText(role)}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
}
