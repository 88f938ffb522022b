using System.Net;
using Dapper;
using Laurel.App.Platform.Access;
using Laurel.App.Tests.Features.Achievements;

namespace Laurel.App.Tests.Platform.Access;

/// <summary>Behind each door of people's performance data are those whom the reach of the door's own permission covers.</summary>
public sealed class ReachOfDoorsTests
{
    private static readonly (string Id, string Name)[] People =
        [("agent", "Greta Agent"), ("colleague", "Jonas Colleague"), ("other", "Amara Other")];

    /// <summary>Each tells of everybody who has done something, where the reach is the company.</summary>
    public static TheoryData<string, string> Telling => new()
    {
        { Permissions.PeopleView, "/people" },
        { Permissions.AchievementsViewTeam, "/team/achievements" },
        { Permissions.AchievementsViewTeam, "/team/achievements?show=flagged" },
        { Permissions.AchievementsViewTeam, "/team/achievements.csv" },
        { Permissions.AchievementsViewTeam, "/team/achievements.csv?show=flagged" },
        { Permissions.AchievementsViewTeam, "/manage/achievements/caller" },
        { Permissions.AchievementsAward, "/manage/achievements/thanks/award" },
        { Permissions.GoalsManage, "/goals/new?for=team" },
        { Permissions.GoalsManage, "/goals/team" },
        { Permissions.ProjectsView, "/projects/spring" },
        { Permissions.ActivitiesView, "/projects/spring" },
    };

    [Theory]
    [MemberData(nameof(Telling))]
    public async Task Page_tells_of_whom_its_permission_reaches(string permission, string page)
    {
        await using var app = await Open();
        var leader = app.SignIn("leader");
        foreach (var (reach, seen) in Seen)
        {
            Reach(app, permission, reach);
            var text = await leader.GetStringAsync(page);
            foreach (var (id, name) in People)
                (text.Contains(name, StringComparison.Ordinal) || text.Contains($",{id},", StringComparison.Ordinal))
                    .ShouldBe(seen.Contains(id), $"{name} on {page} with {permission} as far as {reach}");
        }
        // Without it the door is shut.
        Reach(app, permission, null);
        if (permission != Permissions.ActivitiesView && page != "/goals/new?for=team")
            (await leader.GetAsync(page)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    /// <summary>Doors of one person or award: found within the reach, not there without.</summary>
    public static TheoryData<string, string> Single => new()
    {
        { Permissions.AchievementsRevoke, "/manage/awards/{award}/revoke" },
        { Permissions.GoalsManage, "/goals/{goal}" },
        { Permissions.AchievementsViewTeam, "/achievements?person={person}" },
        { Permissions.AchievementsViewTeam, "/achievements/caller?person={person}" },
    };

    [Theory]
    [MemberData(nameof(Single))]
    public async Task Page_of_one_is_there_for_whom_its_permission_reaches(string permission, string page)
    {
        await using var app = await Open();
        var leader = app.SignIn("leader");
        foreach (var (reach, seen) in Seen)
        {
            Reach(app, permission, reach);
            foreach (var (id, _) in People)
            {
                var key = app.Read<long>($"SELECT key FROM person WHERE id = '{id}'");
                var address = page.Replace("{person}", id, StringComparison.Ordinal)
                    .Replace("{award}", $"{app.Read<long>($"SELECT min(key) FROM award WHERE person = {key}")}", StringComparison.Ordinal)
                    .Replace("{goal}", $"{app.Read<long>($"SELECT key FROM goal WHERE person = {key}")}", StringComparison.Ordinal);
                (await leader.GetAsync(address)).StatusCode
                    .ShouldBe(seen.Contains(id) ? HttpStatusCode.OK : HttpStatusCode.NotFound, $"{address} as far as {reach}");
            }
        }
    }

    [Theory]
    [InlineData(DataReach.Self, false, false)]
    [InlineData(DataReach.Groups, false, true)]
    [InlineData(DataReach.OwnTeam, true, false)]
    [InlineData(DataReach.Company, true, true)]
    public async Task Reports_tell_of_teams_that_are_seen_whole(DataReach reach, bool retention, bool care)
    {
        await using var app = await Open();
        // Amara, who shares the group, is all of Care; of Retention the leader sees a part that way.
        Reach(app, Permissions.ReportsView, reach);
        var leader = app.SignIn("leader");
        var page = await leader.GetStringAsync("/reports");
        page.Contains("Retention</option>", StringComparison.Ordinal).ShouldBe(retention && care);
        page.Contains("Care</option>", StringComparison.Ordinal).ShouldBe(retention && care);
        var csv = await leader.GetStringAsync("/reports/teams.csv");
        csv.Contains("Care", StringComparison.Ordinal).ShouldBe(care);
        csv.Contains("Retention", StringComparison.Ordinal).ShouldBe(retention);
    }

    [Fact]
    public async Task Start_page_of_a_leader_tells_of_whom_the_badges_are_seen()
    {
        await using var app = await Open();
        var leader = app.SignIn("leader");
        foreach (var (reach, seen) in Seen.Where(s => s.Reach != DataReach.Self))
        {
            Reach(app, Permissions.AchievementsViewTeam, reach);
            Reach(app, Permissions.LeaderboardsView, null);
            var text = await leader.GetStringAsync("/");
            text.ShouldContain("topic=\"awards");
            foreach (var (id, name) in People.Where(p => !seen.Contains(p.Id))) text.ShouldNotContain(name);
            People.Where(p => seen.Contains(p.Id)).ShouldContain(p => text.Contains(p.Name, StringComparison.Ordinal));
        }
        // Whoever sees nobody else has the own day.
        Reach(app, Permissions.AchievementsViewTeam, DataReach.Self);
        (await leader.GetStringAsync("/")).ShouldNotContain("New today in the team");
    }

    [Fact]
    public async Task What_a_role_holds_counts_from_the_next_request_on()
    {
        await using var app = await Open();
        var agent = app.SignIn("agent");
        (await agent.GetAsync("/people")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        Grant(app, "agent", Permissions.PeopleView, "own-team");
        (await agent.GetStringAsync("/people")).ShouldContain("Jonas Colleague");
        Grant(app, "agent", Permissions.PeopleView, "no");
        (await agent.GetAsync("/people")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    /// <summary>
    /// Whom the leader sees: Retention is the own team, Care is managed beside it, Amara shares a group and Jonas the division.
    /// </summary>
    private static IEnumerable<(DataReach Reach, string[] Seen)> Seen =>
    [
        (DataReach.Company, ["agent", "colleague", "other"]), (DataReach.Self, []), (DataReach.OwnTeam, ["agent", "colleague"]),
        (DataReach.ManagedTeams, ["agent", "colleague", "other"]), (DataReach.Groups, ["other"]),
        (DataReach.Division, ["colleague"]),
    ];

    private static async Task<LaurelApp> Open()
    {
        var app = await RecognitionDesk.Open();
        app.Declare("""
            divisions: [ { id: north, name: North } ]
            groups: [ { id: nights, name: Night shift } ]
            people:
              - { id: other, name: Amara Other, team: care, groups: [nights] }
              - { id: leader, name: Ada Leader, team: retention, role: leader, groups: [nights], division: north }
              - { id: colleague, name: Jonas Colleague, team: retention, division: north }
            projects: [ { id: spring, name: Spring sale } ]
            achievements:
              - { id: thanks, name: Thanks, area: service, badge: rookie, type: manual }
            """);
        app.Database.Write((c, t) => c.Execute(
            "INSERT INTO managed_team (person, team) SELECT p.key, t.key FROM person p, team t WHERE p.id = 'leader' AND t.id = 'care'",
            transaction: t));
        using var key = app.WithKey("goals:write");
        foreach (var (id, _) in People)
        {
            await app.InProject("spring", id, 4);
            (await key.PostAsync($"/api/v1/goals?person={id}&metric=calls&target=5&period=week", null)).EnsureSuccessStatusCode();
        }
        app.Database.Write((c, t) => c.Execute("UPDATE award SET flagged_at = earned_at", transaction: t));
        return app;
    }

    internal static void Reach(LaurelApp app, string permission, DataReach? reach) =>
        Grant(app, "leader", permission, reach?.Id() ?? Reaches.Denied);

    private static void Grant(LaurelApp app, string role, string permission, string reach) => app.Database.Write((c, t) =>
    {
        c.Execute(
            """
            INSERT INTO role_grant (role, permission, reach) VALUES (@role, @permission, @reach)
            ON CONFLICT (role, permission) DO UPDATE SET reach = excluded.reach
            """, new { role, permission, reach }, t);
        RoleStore.Touch(c, t);
    });
}
