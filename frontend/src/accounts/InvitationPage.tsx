import { Button, Tabs, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link, useNavigate, useParams } from "react-router";
import { ApiError, api } from "../api/http";
import { projectsKey } from "../api/projects";
import { useSession, useSignOut } from "../api/session";
import type { InvitationPreview } from "../api/types";
import { FormError } from "../shared/FormError";
import { Empty, ErrorState, Loading } from "../shared/States";
import { AuthFrame } from "./AuthFrame";
import { RegisterForm } from "./RegisterForm";
import { SignInForm } from "./SignInForm";

/** What a link into a project shows: accept as who one is, or sign in or register first. */
export function InvitationPage() {
  const { t, i18n } = useTranslation("accounts");
  const { token = "" } = useParams();
  const navigate = useNavigate();
  const client = useQueryClient();
  const session = useSession();
  const signOut = useSignOut();
  const invitation = useQuery({
    queryKey: ["invitation", token],
    queryFn: ({ signal }) =>
      api.get<InvitationPreview>(`/invitations/${token}/`, undefined, signal),
  });
  const accept = useMutation({
    mutationFn: () => api.post<{ project: string }>(`/invitations/${token}/accept/`, {}),
    onSuccess: ({ project }) => enter(project),
  });

  const enter = async (project: string) => {
    await client.invalidateQueries({ queryKey: projectsKey });
    navigate(`/projects/${project}/label`, { replace: true });
  };

  if (invitation.isPending || session.isPending) return <Loading />;
  if (!invitation.data) {
    if (!(invitation.error instanceof ApiError) || invitation.error.status !== 404) {
      return <ErrorState error={invitation.error} onRetry={invitation.refetch} />;
    }
    return (
      <Empty
        title={t("invitation.spentTitle")}
        hint={t("invitation.spent")}
        action={
          <Button component={Link} to="/" variant="default">
            {t("common:state.home")}
          </Button>
        }
      />
    );
  }

  const { project, role, expires_at } = invitation.data;
  const user = session.data?.user;
  const until = new Date(expires_at).toLocaleString(i18n.resolvedLanguage);
  return (
    <AuthFrame
      title={t("invitation.title", { project: project.name })}
      hint={t("invitation.hint", { role: t(`common:role.${role}`), until })}
    >
      <Text size="sm">{t(`roleMeans.${role}`)}</Text>
      {user ? (
        <>
          <FormError error={accept.error} />
          <Button onClick={() => accept.mutate()} loading={accept.isPending}>
            {t("invitation.acceptAs", { name: user.username })}
          </Button>
          <Button variant="subtle" onClick={() => signOut.mutate()} loading={signOut.isPending}>
            {t("invitation.other")}
          </Button>
        </>
      ) : (
        <Tabs defaultValue="register" keepMounted={false}>
          <Tabs.List grow mb="md">
            <Tabs.Tab value="register">{t("invitation.new")}</Tabs.Tab>
            <Tabs.Tab value="sign-in">{t("invitation.existing")}</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="register">
            <RegisterForm token={token} onDone={enter} />
          </Tabs.Panel>
          <Tabs.Panel value="sign-in">
            <SignInForm onDone={() => accept.mutate()} />
          </Tabs.Panel>
        </Tabs>
      )}
    </AuthFrame>
  );
}
