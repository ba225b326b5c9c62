import { Loading } from "../shared/States";

export function SettingsPage() {
  return <Loading />;
}
