using Dapper;
using Laurel.App.Features.ExternalIdentities;
using Laurel.App.Features.Projects;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Yaml;

namespace Laurel.App.Features.Settings;

/// <summary>The external identities of a setup file. What counts by them is settled when all else is applied.</summary>
internal sealed class ApplyIdentities(Agreement agreement)
{
    public void Run()
    {
        foreach (var setup in agreement.Setup.Identities)
            if (setup.Project is { } project) Apply(setup, project);
            else Apply(setup);
    }

    private void Apply(IdentitySetup setup, YamlText project)
    {
        var (connection, transaction) = (agreement.Connection, agreement.Transaction);
        var before = SaveProject.Linked(connection, transaction, setup.Identity);
        if (string.Equals(before, project.Text, StringComparison.Ordinal)) return;
        if (SaveProject.Link(connection, transaction, setup.Identity, project.Text) is not { } touched)
        {
            agreement.Missing("projects", project, "project", connection.Query<string>("SELECT id FROM project", transaction: transaction));
            return;
        }
        agreement.Projects.UnionWith(touched);
        var change = new Change("linked-to", before, project.Text);
        if (before is null) agreement.Add("identity", setup.Identity.ToString(), change);
        else agreement.Differs("identity", setup.Identity.ToString(), change);
    }

    private void Apply(IdentitySetup setup)
    {
        var target = setup.Person is { } person ? IdentityTarget.OfPerson(person.Text)
            : setup.Team is { } team ? IdentityTarget.OfTeam(team.Text) : IdentityTarget.Ignored;
        var (connection, transaction) = (agreement.Connection, agreement.Transaction);
        var before = IdentityStore.Target(connection, transaction, setup.Identity);
        if (before?.Said is { } said && said == target.Said) return;
        if (IdentityStore.Save(connection, transaction, setup.Identity, target) is null)
        {
            var (section, table, named) = setup.Person is { } who ? ("people", "person", who) : ("teams", "team", setup.Team!);
            agreement.Missing(section, named, table, connection.Query<string>($"SELECT id FROM {table}", transaction: transaction));
            return;
        }
        var change = new Change("linked-to", before?.Said, target.Said);
        if (before?.Said is null) agreement.Add("identity", setup.Identity.ToString(), change);
        else agreement.Differs("identity", setup.Identity.ToString(), change);
        agreement.Linked.Add((setup.Identity, target));
    }
}
