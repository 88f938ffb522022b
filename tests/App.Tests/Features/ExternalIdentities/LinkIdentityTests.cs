using Dapper;
using Laurel.App.Features.Activities;
using Laurel.App.Features.ExternalIdentities;
using Laurel.App.Features.Verifying;
using Laurel.App.Platform.Access;
using Laurel.App.Tests.Platform.Hosting;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;
using Microsoft.Extensions.DependencyInjection;

namespace Laurel.App.Tests.Features.ExternalIdentities;

/// <summary>Activities that name somebody by the id of another system, before and after somebody says who that is.</summary>
public sealed class LinkIdentityTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
    private static readonly ExternalIdentity Crm4711 = new("crm", "4711");
    private static readonly Actor Ada = new(null, "Ada", Via.Web);

    private const string Setup = """
        site: { id: vilnius, name: Vilnius, zone: Europe/Vilnius }
        teams: [ { id: care, name: Care } ]
        people: [ { id: greta }, { id: jonas } ]
        activity-types: [ { id: case, measures: { talk: {} } }, { id: lost, person: optional } ]
        metrics: [ { id: cases, types: [case] }, { id: lost, types: [lost] } ]
        achievements: [ { id: two, type: threshold, metric: cases, at-least: 2, history: all } ]
        """;

    [Fact]
    public async Task What_waits_for_an_identity_counts_in_its_own_time_once_it_is_linked()
    {
        await using var core = await CoreFixture.Start(Now, Setup);
        var first = await core.Take(Case("a", 3), Case("b", 2));
        first.ShouldAllBe(r => r == ItemResult.Held("identity '4711' of 'crm' is not linked yet"));
        Counts(core).ShouldBe("");
        var listed = new IdentityStore(core.Database).All().ShouldHaveSingleItem();
        (listed.Identity, listed.State, listed.Waiting).ShouldBe((Crm4711, "unlinked", 2L));
        core.Services.GetRequiredService<HeldStore>().Counts().ShouldBeEmpty();

        Link(core, IdentityTarget.OfPerson("greta")).ShouldBe(new SettledIdentity(2, 0));
        Counts(core).ShouldBe("greta 2");
        Awards(core).ShouldBe(["greta 2026-11-20T10:00:00.0000000Z"]);
        (await core.Take(Case("a", 3), Case("c", 1))).Select(r => r.Outcome).ShouldBe([ItemOutcome.Duplicate, ItemOutcome.Accepted]);
        Counts(core).ShouldBe("greta 3");
        Healthy(core);
    }

    [Fact]
    public async Task What_counted_by_an_identity_goes_with_it_to_another_and_waits_again_unlinked()
    {
        await using var core = await CoreFixture.Start(Now, Setup);
        await core.Take(Case("a", 3), Case("b", 2), Case("own", 1) with { Person = "greta" });
        Link(core, IdentityTarget.OfPerson("greta"));
        await core.Take(Case("b", 4) with { Version = 2 });
        Counts(core).ShouldBe("greta 3");

        Link(core, IdentityTarget.OfPerson("jonas")).ShouldBe(new SettledIdentity(2, 0));
        Counts(core).ShouldBe("greta 1, jonas 2");
        Awards(core).ShouldBe(["greta 2026-11-20T09:00:00.0000000Z flagged", "jonas 2026-11-20T09:00:00.0000000Z"]);
        Link(core, IdentityTarget.Unlinked).ShouldBe(new SettledIdentity(0, 2));
        Counts(core).ShouldBe("greta 1");
        // Versions go with it: an older one changes nothing, a newer one does.
        (await core.Take(Case("b", 2), Case("b", 4) with { Version = 2 })).Select(r => r.Outcome)
            .ShouldBe([ItemOutcome.Accepted, ItemOutcome.Duplicate]);
        await core.Take(Case("b", 0) with { Version = 3, IsVoid = true, Measures = [] });
        Link(core, IdentityTarget.OfPerson("greta")).ShouldBe(new SettledIdentity(1, 0));
        Counts(core).ShouldBe("greta 2");
        Healthy(core);
    }

    [Fact]
    public async Task An_ignored_identity_is_not_asked_about_and_nothing_of_it_is_lost()
    {
        await using var core = await CoreFixture.Start(Now, Setup);
        Link(core, IdentityTarget.Ignored);
        (await core.Take(Case("a", 3))).ShouldBe([ItemResult.Held("identity '4711' of 'crm' is ignored")]);
        new IdentityStore(core.Database).Find("unlinked", null, 1).States.ShouldBe(new Dictionary<string, int> { ["ignored"] = 1 });
        Link(core, IdentityTarget.OfPerson("jonas"));
        Counts(core).ShouldBe("jonas 1");
    }

    [Fact]
    public async Task An_identity_of_a_team_brings_work_that_nobody_did()
    {
        await using var core = await CoreFixture.Start(Now, Setup);
        await core.Take(Case("l", 1) with { Type = "lost" }, Case("a", 1));
        Link(core, IdentityTarget.OfTeam("care")).ShouldBe(new SettledIdentity(1, 1));
        using (var c = core.Database.Read()) c.ExecuteScalar<long>("SELECT sum(count) FROM team_rollup").ShouldBe(1);
        (await core.Take(Case("z", 1))).ShouldBe([ItemResult.Rejected("type 'case' needs a person, and this identity is a team's")]);
        Link(core, IdentityTarget.OfPerson("greta")).ShouldBe(new SettledIdentity(2, 0));
        using (var c = core.Database.Read()) c.ExecuteScalar<long>("SELECT count(*) FROM team_rollup").ShouldBe(0);
        Healthy(core);
    }

    [Fact]
    public async Task A_setup_file_links_and_a_plan_does_not()
    {
        await using var core = await CoreFixture.Start(Now, Setup);
        await core.Take(Case("a", 3), Case("b", 2));
        const string Linked = """
            identities:
              - { provider: crm, external: "4711", person: greta }
              - { provider: crm, external: bot, ignored: true }
              - { provider: phone, external: "+370", team: care }
            """;
        core.Apply(Linked, plan: true).Select(c => c.ToString()).ShouldBe(
            ["add identity crm 4711", "add identity crm bot", "add identity phone +370"]);
        Counts(core).ShouldBe("");
        core.Apply(Linked).Count.ShouldBe(3);
        Counts(core).ShouldBe("greta 2");
        core.Apply(Linked).ShouldBeEmpty();
        core.Apply("identities: [ { provider: crm, external: '4711', person: jonas } ]").Select(c => c.ToString())
            .ShouldBe(["change identity crm 4711: linked-to greta -> jonas"]);
        Counts(core).ShouldBe("jonas 2");
        core.ProblemsOf("identities: [ { provider: CRM, external: x, person: greta }, { provider: crm, external: x }, "
            + "{ provider: crm, external: y, person: gretta } ]").ShouldBe(
            [
                "1:27: 'CRM' is not a provider: lower-case letters, digits, '.', '_' and '-', at most 100",
                "1:62: an identity has one of 'person', 'team', 'project' and 'ignored: true'",
                "1:132: there is no person 'gretta' (did you mean 'greta'?)",
            ]);
        Healthy(core);
    }

    [Fact]
    public async Task Linking_is_audited_and_refuses_who_is_not_there()
    {
        await using var core = await CoreFixture.Start(Now, Setup);
        await core.Take(Case("a", 3));
        Link(core, IdentityTarget.OfPerson("nobody")).ShouldBeNull();
        Link(core, IdentityTarget.OfPerson("greta"));
        Link(core, IdentityTarget.OfPerson("greta"));
        Link(core, IdentityTarget.Unlinked);
        using var c = core.Database.Read();
        c.Query<(string, string, string)>("SELECT action, object, actor_name FROM audit WHERE action LIKE 'identity%' ORDER BY key")
            .ShouldBe([("identity.linked", "crm 4711", "Ada"), ("identity.unlinked", "crm 4711", "Ada")]);
    }

    private static SettledIdentity? Link(CoreFixture core, IdentityTarget target) =>
        core.Services.GetRequiredService<LinkIdentity>().Run(Crm4711, target, Ada);

    private static IncomingActivity Case(string id, int hoursAgo) => new(
        "desk", ActivityId.Of(id), "case", Crm4711.Awaited, null, Now.AddHours(-hoursAgo).ToUnixTimeMilliseconds(), [], []);

    private static string Counts(CoreFixture core)
    {
        using var c = core.Database.Read();
        return string.Join(", ", c.Query<(string Id, long Count)>(
            """
            SELECT p.id, CAST(sum(r.count) AS BIGINT) FROM rollup r JOIN person p ON p.key = r.person GROUP BY p.id ORDER BY p.id
            """).Select(p => $"{p.Id} {p.Count}"));
    }

    private static List<string> Awards(CoreFixture core)
    {
        using var c = core.Database.Read();
        return [.. c.Query<(string Id, long At, int Flagged)>(
            """
            SELECT p.id, a.earned_at, CASE WHEN a.flagged_at IS NULL THEN 0 ELSE 1 END FROM award a JOIN person p ON p.key = a.person
            ORDER BY p.id
            """).Select(a => $"{a.Id} {DateTimeOffset.FromUnixTimeMilliseconds(a.At).UtcDateTime:O}{(a.Flagged != 0 ? " flagged" : "")}")];
    }

    private static void Healthy(CoreFixture core)
    {
        core.Settle();
        var differences = new List<string>();
        ActivatorUtilities.CreateInstance<Verification>(core.Services).Run(d => differences.Add(d.ToString()), CancellationToken.None);
        differences.ShouldBeEmpty();
    }
}
