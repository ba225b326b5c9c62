import { Loading } from "../shared/States";

export function InvitationPage() {
  return <Loading />;
}
