using Dapper;
using Laurel.App.Features.Achievements;
using Laurel.App.Features.Activities;
using Laurel.App.Features.Projects;
using Laurel.App.Features.Retention;
using Laurel.App.Features.Verifying;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Tests.Platform;
using Laurel.App.Tests.Platform.Hosting;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;
using Microsoft.Extensions.DependencyInjection;

namespace Laurel.App.Tests.Features.Achievements;

/// <summary>Who is first in a project: a recorded fact, one for each project, flagged by what comes to light later.</summary>
public sealed class FirstInProjectTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
    private static readonly Actor Ada = new(null, "Ada", Via.Web);

    private const string Setup = """
        site: { id: vilnius, name: Vilnius, zone: Europe/Vilnius }
        people: [ { id: greta }, { id: jonas } ]
        activity-types: [ { id: call, person: optional }, { id: mail } ]
        metrics: [ { id: calls, types: [call] } ]
        achievements:
          - { id: trailblazer, type: first-in-project, activities: [call] }
          - { id: once, type: first-time, activities: [call] }
          - { id: both, type: collection, of: [trailblazer, once] }
        """;

    [Fact]
    public async Task The_first_person_with_a_chosen_activity_in_a_new_project_wins_it_once()
    {
        await using var core = await CoreFixture.Start(Now, Setup);
        await core.Take(Mail("m", "jonas", 50, "spring"), Call("a", "jonas", 20, "spring"), Call("b", "greta", 30, "spring"),
            Call("t", null, 40, "spring"));
        Awards(core).ShouldBe(["greta spring 11:30"]);
        await core.Take(Call("c", "jonas", 1, "spring"), Call("d", "jonas", 1, "autumn"), Call("e", "greta", 1, null));
        Awards(core).ShouldBe(["greta spring 11:30", "jonas autumn 11:59"]);
        Awards(core, "both").Count.ShouldBe(2);
        Healthy(core);
    }

    [Fact]
    public async Task An_earlier_activity_that_comes_later_flags_the_award_and_moves_nothing()
    {
        await using var core = await CoreFixture.Start(Now, Setup);
        await core.Take(Call("a", "greta", 30, "spring"));
        await core.Take(Call("b", "jonas", 40, "spring") with { Version = 1 });
        Awards(core).ShouldBe(["greta spring 11:30 flagged"]);
        Awards(core, "both").ShouldBe(["greta once 11:30 flagged"]);
        Healthy(core);
        // What came before it goes again: the award holds as before.
        await core.Take(Call("b", "jonas", 40, "spring") with { Version = 2, IsVoid = true });
        Awards(core).ShouldBe(["greta spring 11:30"]);
        Awards(core, "both").ShouldBe(["greta once 11:30"]);
        Healthy(core);
    }

    [Fact]
    public async Task A_void_or_a_move_to_another_project_of_the_winning_activity_flags_the_award_and_nobody_else_wins()
    {
        await using var core = await CoreFixture.Start(Now, Setup);
        await core.Take(Call("a", "greta", 30, "spring") with { Version = 1 }, Call("b", "jonas", 20, "spring"));
        await core.Take(Call("a", "greta", 30, "autumn") with { Version = 2 });
        Awards(core).ShouldBe(["greta autumn 11:30", "greta spring 11:30 flagged"]);
        await core.Take(Call("a", "greta", 30, "spring") with { Version = 3 });
        Awards(core).ShouldBe(["greta autumn 11:30 flagged", "greta spring 11:30"]);
        await core.Take(Call("a", "greta", 30, "spring") with { Version = 4, IsVoid = true });
        Awards(core).ShouldBe(["greta autumn 11:30 flagged", "greta spring 11:30 flagged"]);
        Healthy(core);
    }

    [Fact]
    public async Task Projects_from_before_it_was_on_are_not_won_and_what_came_on_its_first_day_is()
    {
        await using var core = await CoreFixture.Start(Now, Setup.Replace("activities: [call] }", "activities: [call], enabled: false }",
            StringComparison.Ordinal));
        await core.Take(Call("old", "greta", 3 * 24 * 60, "old"), Call("a", "jonas", 60, "spring"));
        core.Settle();
        Awards(core).ShouldBeEmpty();
        core.Apply(Setup);
        core.Settle();
        Awards(core).ShouldBe(["jonas spring 11:00"]);
        // Off: nothing is won; on again, the project of the time between is not won either.
        core.Time.Advance(TimeSpan.FromDays(2));
        core.Apply("achievements: [ { id: trailblazer, type: first-in-project, activities: [call], enabled: false } ]");
        await core.Take(Call("x", "greta", -2 * 24 * 60, "between"));
        core.Time.Advance(TimeSpan.FromDays(2));
        core.Apply("achievements: [ { id: trailblazer, type: first-in-project, activities: [call] } ]");
        await core.Take(Call("y", "greta", -4 * 24 * 60, "between"), Call("z", "greta", -4 * 24 * 60, "new"));
        core.Settle();
        Awards(core).ShouldBe(["greta new 12:00", "jonas spring 11:00"]);
        Healthy(core);
    }

    [Fact]
    public async Task A_winner_of_a_rule_that_names_other_activities_by_now_is_judged_by_those_that_counted_then()
    {
        await using var core = await CoreFixture.Start(Now, Setup);
        await core.Take(Call("a", "greta", 30, "spring") with { Version = 1 });
        // On for less than a workday: the version is written over.
        core.Apply("achievements: [ { id: trailblazer, type: first-in-project, activities: [call], enabled: false } ]");
        core.Apply("achievements: [ { id: trailblazer, type: first-in-project, activities: [mail], enabled: false } ]");
        core.Settle();
        Awards(core).ShouldBe(["greta spring 11:30"]);
        Healthy(core);
        await core.Take(Call("a", "greta", 30, "spring") with { Version = 2, IsVoid = true });
        Awards(core).ShouldBe(["greta spring 11:30 flagged"]);
        Healthy(core);
    }

    [Fact]
    public async Task A_revoked_one_is_never_awarded_again_and_given_back_it_is_looked_at_again()
    {
        await using var core = await CoreFixture.Start(Now, Setup);
        await core.Take(Call("a", "greta", 30, "spring"), Call("b", "jonas", 20, "spring"));
        var key = core.Database.Write((c, t) =>
        {
            var key = c.ExecuteScalar<long>("SELECT award FROM first_in_project", transaction: t);
            RevokeAward.Run(c, t, key, "Not so", DataScope.Company, Ada, Now.ToUnixTimeMilliseconds()).ShouldBeNull();
            return key;
        });
        await core.Take(Call("c", "jonas", 40, "spring"));
        core.Database.Write((c, t) => Backfill.Enqueue(c, t, new(1), 0));
        core.Settle();
        Awards(core).ShouldBe(["greta spring 11:30 revoked"]);
        Healthy(core);
        core.Database.Write((c, t) => RevokeAward.Undo(c, t, key, DataScope.Company, Ada, Now.ToUnixTimeMilliseconds())).ShouldBeNull();
        core.Settle();
        Awards(core).ShouldBe(["greta spring 11:30 flagged"]);
        Healthy(core);
    }

    [Fact]
    public async Task A_link_that_brings_earlier_work_into_a_project_flags_its_award()
    {
        await using var core = await CoreFixture.Start(Now, Setup);
        await core.Take(Call("a", "greta", 30, "spring"), Call("b", "jonas", 40, new ExternalIdentity("crm", "7").Awaited));
        Awards(core).ShouldBe(["greta spring 11:30", "jonas crm-7 11:20"]);
        var save = ActivatorUtilities.CreateInstance<SaveProject>(core.Services);
        save.Link(new("crm", "7"), "spring", Ada).ShouldBeTrue();
        Awards(core).ShouldBe(["greta spring 11:30 flagged", "jonas crm-7 11:20 flagged"]);
        core.Apply("identities: [ { provider: crm, external: '7', project: crm-7 } ]");
        Awards(core).ShouldBe(["greta spring 11:30", "jonas crm-7 11:20"]);
        Healthy(core);
    }

    [Fact]
    public async Task What_is_kept_otherwise_than_decided_is_told_by_verify()
    {
        await using var core = await CoreFixture.Start(Now, Setup);
        await core.Take(Call("a", "greta", 30, "spring"), Call("b", "jonas", 20, "autumn"));
        core.Settle();
        core.Database.Write((c, t) =>
        {
            c.Execute("UPDATE award SET flagged_at = 1 WHERE occasion = 'spring'", transaction: t);
            c.Execute("DELETE FROM first_in_project WHERE project = (SELECT key FROM project WHERE id = 'autumn')", transaction: t);
            c.Execute("DELETE FROM award WHERE occasion = 'autumn'", transaction: t);
        });
        Differences(core).Where(d => d.Contains("trailblazer", StringComparison.Ordinal)).ShouldBe([
            "award trailblazer, greta, spring: stored flagged; should be earned at 2026-11-20T11:30:00.000Z with 1",
            "award trailblazer, jonas, autumn: stored none; should be earned at 2026-11-20T11:40:00.000Z with 1",
        ]);
    }

    [Fact]
    public async Task What_goes_with_the_retention_horizon_takes_its_flag_along_also_in_a_project_of_before_it()
    {
        await using var core = await CoreFixture.Start(Now, Setup);
        await core.Take(Mail("m", "jonas", 50, "spring"));
        core.Time.Advance(TimeSpan.FromDays(2));
        await core.Take(Call("a", "greta", -2 * 24 * 60, "spring"));
        await core.Take(Call("b", "jonas", -24 * 60, "spring"));
        core.Time.Advance(TimeSpan.FromDays(100));
        core.Settle();
        Awards(core).ShouldBe(["greta spring 12:00 flagged"]);

        // The earlier call is older than the horizon, and so is the project; what won is not.
        core.Services.GetRequiredService<Horizon>().Move(Workday.Of(2026, 11, 22), Ada).ShouldBeNull();
        core.Settle();

        Awards(core).ShouldBe(["greta spring 12:00"]);
        Healthy(core);
    }

    [Fact]
    public async Task Nodes_that_race_for_a_project_award_one_winner()
    {
        if (!TestDatabase.IsPostgres) return;
        await using var one = await CoreFixture.Start(Now, Setup);
        await using var two = await one.Another();
        for (var round = 0; round < 25; round++)
        {
            var project = $"p{round}";
            await Task.WhenAll(
                Task.Run(() => one.Take(Call($"a{round}", "greta", 30, project), Call($"c{round}", "jonas", 10, project))),
                Task.Run(() => two.Take(Call($"b{round}", "jonas", 20, project), Call($"d{round}", "greta", 5, project))));
        }
        one.Settle();
        using var c = one.Database.Read();
        c.ExecuteScalar<long>("SELECT count(*) FROM first_in_project").ShouldBe(25);
        c.ExecuteScalar<long>("SELECT count(*) FROM award WHERE achievement = 1").ShouldBe(25);
        // Whoever came second and was earlier has flagged it.
        Healthy(one);
    }

    [Fact]
    public async Task A_setup_file_says_what_is_wrong()
    {
        await using var core = await CoreFixture.Start(Now, Setup);
        core.ProblemsOf("achievements: [ { id: x, type: first-in-project, activities: [cal], history: all } ]").ShouldBe([
            "1:63: there is no activity type 'cal' (did you mean 'call'?)",
            "1:78: 'history' here is enabling: only projects that are made after that can be won",
        ]);
        core.ProblemsOf("achievements: [ { id: x, type: first-in-project } ]").ShouldHaveSingleItem()
            .ShouldContain("'activities' is missing");
    }

    private static IncomingActivity Call(string id, string? person, int minutesAgo, string? project) => new(
        "phones", ActivityId.Of(id), "call", person, null, Now.AddMinutes(-minutesAgo).ToUnixTimeMilliseconds(), [], [])
    {
        Project = project,
    };

    private static IncomingActivity Mail(string id, string person, int minutesAgo, string project) =>
        Call(id, person, minutesAgo, project) with { Type = "mail" };

    private static List<string> Awards(CoreFixture core, string achievement = "trailblazer")
    {
        using var c = core.Database.Read();
        return [.. c.Query<(string Person, string Occasion, long At, long? Flagged, long? Revoked)>(
            """
            SELECT p.id, w.occasion, w.earned_at, w.flagged_at, w.revoked_at FROM award w JOIN person p ON p.key = w.person
            WHERE w.achievement = (SELECT key FROM achievement WHERE id = @achievement) ORDER BY p.id, w.occasion
            """, new { achievement })
            .Select(w => $"{w.Person} {w.Occasion} {DateTimeOffset.FromUnixTimeMilliseconds(w.At):HH:mm}"
                + (w.Flagged is null ? "" : " flagged") + (w.Revoked is null ? "" : " revoked"))];
    }

    private static void Healthy(CoreFixture core) => Differences(core).ShouldBeEmpty();

    private static List<string> Differences(CoreFixture core)
    {
        core.Settle();
        var differences = new List<string>();
        ActivatorUtilities.CreateInstance<Verification>(core.Services).Run(d => differences.Add(d.ToString()), default).ShouldNotBeNull();
        return differences;
    }
}
