import { Loading } from "../shared/States";

export function PasswordResetPage() {
  return <Loading />;
}
