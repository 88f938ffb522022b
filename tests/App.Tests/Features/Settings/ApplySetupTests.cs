using Dapper;
using Laurel.App.Features.Achievements;
using Laurel.App.Platform.Access;
using Laurel.App.Tests.Platform.Hosting;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;

namespace Laurel.App.Tests.Features.Settings;

public sealed class ApplySetupTests
{
    private static readonly DateTimeOffset Wednesday = new(2026, 11, 18, 14, 0, 0, TimeSpan.Zero);
    private const string Site = "site: { id: vilnius, name: Vilnius, zone: Europe/Vilnius }\n";

    [Fact]
    public async Task Site_of_the_set_up_page_takes_the_id_of_the_file_until_something_has_come_in()
    {
        await using var core = await CoreFixture.Start(new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero),
            "site: { id: site, name: Made by the page, zone: Europe/Vilnius }");
        core.Apply("""
            site: { id: vilnius, name: Vilnius, zone: Europe/Vilnius }
            people: [ { id: greta } ]
            activity-types: [ { id: case } ]
            """);
        using var c = core.Database.Read();
        c.Query<string>("SELECT id || ' ' || name FROM site").ShouldBe(["vilnius Vilnius"]);
        core.ProblemsOf("site: { id: kaunas, name: Kaunas, zone: Europe/Vilnius }").Single().ShouldContain("write id: vilnius");
    }

    [Fact]
    public async Task What_an_entry_leaves_out_stays_as_it_is()
    {
        await using var core = await CoreFixture.Start(Wednesday, Site + """
            teams: [ { id: care, name: Care } ]
            groups: [ { id: nights, name: Night shift } ]
            divisions: [ { id: north, name: North } ]
            projects: [ { id: spring, name: Spring sale, active: false } ]
            people: [ { id: lead, name: Leda, role: leader, team: care, email: leda@example.org, invented: true } ]
            activity-types: [ { id: case, name: { en: A case, lt: Atvejis } } ]
            metrics:
              - { id: cases, name: Cases done, types: [case] }
              - { id: score, name: Score of the day, external: true }
            achievements: [ { id: ace, name: Ace Resolver, type: threshold, metric: cases, at-least: 5, history: all } ]
            paths: [ { id: way, name: The way, steps: [ace] } ]
            """);
        core.Apply("""
            site: { id: vilnius, zone: Europe/Vilnius }
            teams: [ { id: care } ]
            groups: [ { id: nights } ]
            divisions: [ { id: north } ]
            projects: [ { id: spring } ]
            people: [ { id: lead } ]
            activity-types: [ { id: case } ]
            metrics: [ { id: cases, types: [case] }, { id: score, external: true } ]
            achievements: [ { id: ace, type: threshold, metric: cases, at-least: 5, history: all } ]
            paths: [ { id: way, steps: [ace] } ]
            """).Select(c => c.ToString()).ShouldBeEmpty();
        core.Apply("people: [ { id: lead, role: agent, invented: false } ]").ShouldHaveSingleItem().ToString()
            .ShouldBe("change person lead: role leader -> agent; invented yes -> nothing");
        // Who is new is an agent by the name of the id.
        core.Apply("people: [ { id: new-one } ]");
        using var c = core.Database.Read();
        c.Query<string>("SELECT id || ' ' || name || ' ' || role FROM person ORDER BY key")
            .ShouldBe(["lead Leda agent", "new-one new-one agent"]);
        c.Query<string>("SELECT name FROM activity_type WHERE id = 'external:score'").Single().ShouldContain("Score of the day");
    }

    [Fact]
    public async Task Email_of_two_people_of_the_file_is_a_problem_whatever_its_letters()
    {
        await using var core = await CoreFixture.Start(Wednesday);
        core.ProblemsOf(Site + """
            people:
              - { id: greta, email: greta@example.org }
              - { id: jonas, email: Greta@Example.org }
            """).ShouldBe(["4:25: 'greta@example.org' is the e-mail address of 'greta' already"]);
    }

    [Fact]
    public async Task Email_of_somebody_who_is_there_is_a_problem()
    {
        await using var core = await CoreFixture.Start(Wednesday, Site + "people: [ { id: greta, email: Greta@example.org } ]");
        core.ProblemsOf("people: [ { id: jonas, email: GRETA@example.org } ]")
            .ShouldBe(["1:31: 'greta@example.org' is the e-mail address of 'greta' already"]);
    }

    [Fact]
    public async Task Email_of_somebody_who_gets_another_by_the_same_file_is_free()
    {
        await using var core = await CoreFixture.Start(Wednesday, Site + """
            people:
              - { id: greta, email: one@example.org }
              - { id: jonas, email: two@example.org }
              - { id: rasa }
            """);
        core.Apply("""
            people:
              - { id: rasa, email: one@example.org }
              - { id: greta, email: two@example.org }
              - { id: jonas, email: three@example.org }
            """).Select(c => c.ToString()).ShouldBe([
                "change person rasa: email nothing -> one@example.org",
                "change person greta: email one@example.org -> two@example.org",
                "change person jonas: email two@example.org -> three@example.org"]);
    }

    [Fact]
    public async Task Email_is_kept_in_small_letters_so_that_it_signs_in()
    {
        await using var core = await CoreFixture.Start(Wednesday, Site + "people: [ { id: greta, email: Greta@Example.org } ]");
        new AccountStore(core.Database, core.Time).Find("greta@EXAMPLE.org")!.Id.ShouldBe("greta");
        core.Apply("people: [ { id: greta, email: Greta@Example.org } ]").ShouldBeEmpty();
    }

    [Fact]
    public async Task Email_that_is_none_is_a_problem()
    {
        await using var core = await CoreFixture.Start(Wednesday);
        core.ProblemsOf(Site + "people: [ { id: greta, email: nowhere } ]").ShouldBe(["2:31: 'nowhere' is not an e-mail address"]);
    }

    [Fact]
    public async Task Team_is_compared_with_that_of_today_so_a_move_to_come_stays()
    {
        const string Org = Site + """
            teams: [ { id: x }, { id: y } ]
            people: [ { id: greta, team: x } ]
            """;
        await using var core = await CoreFixture.Start(Wednesday, Org);
        core.Database.Write((c, t) => c.Execute(
            "INSERT INTO person_team (person, from_day, team) SELECT 1, @day, key FROM team WHERE id = 'y'",
            new { day = Workday.Of(2026, 12, 1).Number }, t));
        core.Apply(Org).ShouldBeEmpty();
        core.Apply(Org).ShouldBeEmpty();
        using var c = core.Database.Read();
        c.Query<string>("SELECT t.id FROM person_team m JOIN team t ON t.key = m.team ORDER BY m.from_day").ShouldBe(["x", "y"]);
    }

    [Fact]
    public async Task Zone_that_changes_before_the_first_activity_tells_anew_which_workdays_are_closed()
    {
        // 14:00 UTC: in Auckland the next day has begun, in Los Angeles it is early morning.
        await using var core = await CoreFixture.Start(Wednesday, "site: { id: s, name: S, zone: Pacific/Auckland }");
        core.Apply("site: { id: s, name: S, zone: America/Los_Angeles }");
        ClosedThrough(core)
            .ShouldBe(CloseWorkdays.ClosedAt(SiteClock.Find("America/Los_Angeles")!, Wednesday.ToUnixTimeMilliseconds()).Number);
    }

    [Fact]
    public async Task Average_of_an_earlier_file_needs_five_like_one_of_this_file()
    {
        await using var core = await CoreFixture.Start(Wednesday, Site + """
            activity-types: [ { id: case, measures: { score: {} } } ]
            metrics: [ { id: score, types: [case], aggregate: average, measure: score } ]
            """);
        core.Apply("achievements: [ { id: ace, type: threshold, metric: score, at-least: 4, range: day } ]");
        using var c = core.Database.Read();
        c.ExecuteScalar<string>("SELECT rule FROM achievement_version").ShouldNotBeNull().ShouldContain("\"sample\":5", Case.Insensitive);
    }

    [Fact]
    public async Task Person_of_a_file_may_have_every_key_that_the_page_takes()
    {
        await using var core = await CoreFixture.Start(Wednesday);
        core.Apply(Site + "people: [ { id: Greta.K@desk } ]").Count.ShouldBe(2);
        core.Apply("people: [ { id: Nežinomas Žmogus } ]").Count.ShouldBe(1);
        core.ProblemsOf("people: [ { id: '' } ]").ShouldBe(["1:17: '' is not a person's key: 1 to 200 characters"]);
    }

    [Fact]
    public async Task Plan_says_what_would_change_and_changes_nothing()
    {
        await using var core = await CoreFixture.Start(Wednesday, Site + "activity-types: [ { id: case } ]");
        await core.Take(new IncomingActivity("desk", ActivityId.Of("1"), "case", "greta", null, Wednesday.ToUnixTimeMilliseconds(), [],
            []));
        var before = core.Contents();
        core.Apply("""
            people: [ { id: greta } ]
            metrics: [ { id: cases, types: [case] } ]
            achievements: [ { id: first, type: threshold, metric: cases, at-least: 1, history: all } ]
            """, plan: true).Select(c => c.ToString()).ShouldBe(["add person greta", "add metric cases", "add achievement first"]);
        core.Contents().ShouldBe(before);
        core.Settle();
        core.Contents().ShouldBe(before);
    }

    private static int ClosedThrough(CoreFixture core)
    {
        using var c = core.Database.Read();
        return c.ExecuteScalar<int>("SELECT closed_through FROM site");
    }
}
