using Dapper;
using Laurel.App.Features.Activities;
using Laurel.App.Features.Metrics;
using Laurel.App.Features.Notifications;
using Laurel.App.Features.People;
using Laurel.App.Platform.Access;
using Laurel.App.Tests.Platform;
using Laurel.App.Tests.Platform.Hosting;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;
using Microsoft.Extensions.DependencyInjection;

namespace Laurel.App.Tests.Features.Activities;

/// <summary>What happens at the one door, on a real database.</summary>
public sealed class IntakeTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    private const string Setup = """
        site: { id: vilnius, name: Vilnius, zone: Europe/Vilnius }
        teams: [ { id: care, name: Care } ]
        people: [ { id: greta, name: Greta, team: care } ]
        activity-types:
          - { id: case, measures: { talk: { negative: false } }, labels: [channel] }
          - { id: lost, person: optional }
        metrics:
          - { id: cases, types: [case] }
          - { id: longest, types: [case], aggregate: maximum, measure: talk }
          - { id: lost, types: [lost] }
        achievements:
          - { id: three, type: threshold, metric: cases, at-least: 3, history: all }
        """;

    [Fact]
    public async Task The_same_activity_again_is_a_duplicate_and_counts_once()
    {
        await using var core = await CoreFixture.Start(Now, Setup);
        (await core.Take(Case("1"), Case("1"))).Select(r => r.Outcome).ShouldBe([ItemOutcome.Accepted, ItemOutcome.Duplicate]);
        await core.Restart();
        (await core.Take(Case("1"))).Single().ShouldBe(ItemResult.Duplicate);
        Scalar(core, "SELECT sum(count) FROM rollup r JOIN metric m ON m.key = r.metric WHERE m.id = 'cases'").ShouldBe(1);
    }

    [Fact]
    public async Task The_same_identity_with_other_content_is_a_conflict_and_the_first_stands()
    {
        await using var core = await CoreFixture.Start(Now, Setup);
        await core.Take(Case("1"));
        var second = (await core.Take(Case("1") with { Measures = [new("talk", new Amount(9_000))] })).Single();
        second.Outcome.ShouldBe(ItemOutcome.Rejected);
        second.Reason!.ShouldContain("conflict");
        Scalar(core, "SELECT max(greatest) FROM rollup r JOIN metric m ON m.key = r.metric WHERE m.id = 'longest'").ShouldBe(5_000);
    }

    [Fact]
    public async Task A_bad_item_is_rejected_alone()
    {
        await using var core = await CoreFixture.Start(Now, Setup);
        var results = await core.Take(
            Case("1"),
            Case("2") with { Type = "no-such" },
            Case("3") with { Measures = [new("talk", new Amount(-1))] },
            Case("4") with { Labels = [new("colour", "red")] },
            Case("5") with { Person = null },
            Case("6") with { At = Now.AddDays(2).ToUnixTimeMilliseconds() },
            Case("7"));
        results.Select(r => r.Outcome).ShouldBe(
        [
            ItemOutcome.Accepted, ItemOutcome.Rejected, ItemOutcome.Rejected, ItemOutcome.Rejected, ItemOutcome.Rejected,
            ItemOutcome.Rejected, ItemOutcome.Accepted,
        ]);
        results.Where(r => r.Outcome == ItemOutcome.Rejected).ShouldAllBe(r => !string.IsNullOrEmpty(r.Reason));
    }

    [Fact]
    public async Task What_waits_for_a_person_is_counted_with_its_awards_once_the_person_is_known()
    {
        await using var core = await CoreFixture.Start(Now, Setup);
        var results = await core.Take(Case("1", "newcomer"), Case("2", "newcomer"), Case("3", "newcomer"));
        results.ShouldAllBe(r => r.Outcome == ItemOutcome.Held);
        (await core.Take(Case("2", "newcomer"))).Single().ShouldBe(ItemResult.Duplicate);

        core.Apply("people: [ { id: newcomer, name: Newcomer, team: care } ]");
        core.Settle();

        Scalar(core, "SELECT count(*) FROM held").ShouldBe(0);
        Scalar(core, "SELECT count(*) FROM award a JOIN person p ON p.key = a.person WHERE p.id = 'newcomer'").ShouldBe(1);
        (await core.Take(Case("2", "newcomer"))).Single().ShouldBe(ItemResult.Duplicate);
    }

    [Fact]
    public async Task What_waited_and_is_refused_by_now_waits_on()
    {
        await using var core = await CoreFixture.Start(Now, Setup);
        (await core.Take(Case("1", "newcomer"))).Single().Outcome.ShouldBe(ItemOutcome.Held);
        core.Database.Write((c, t) =>
        {
            c.Execute("UPDATE activity_type SET definition = replace(definition, '\"talk\"', '\"other\"') WHERE id = 'case'",
                transaction: t);
            Laurel.App.Platform.Catalogue.Rulebook.TouchRules(c, t);
            Laurel.App.Platform.Catalogue.Rulebook.TouchFloor(c, t);
        });
        core.Apply("people: [ { id: newcomer, name: Newcomer, team: care } ]");
        Scalar(core, "SELECT count(*) FROM held").ShouldBe(1);
        Scalar(core, "SELECT count(*) FROM activity_key").ShouldBe(1);
    }

    [Fact]
    public async Task A_monthly_achievement_that_counts_from_enabling_is_backfilled_without_an_error()
    {
        await using var core = await CoreFixture.Start(Now, Setup);
        core.Apply("achievements: [ { id: ace, type: threshold, metric: cases, at-least: [1, 50], range: month } ]");
        core.Settle();
        await core.Take(Case("1"));
        core.Settle();
        Scalar(core, "SELECT count(*) FROM award a JOIN achievement b ON b.key = a.achievement WHERE b.id = 'ace'").ShouldBe(1);
    }

    [Fact]
    public async Task An_unknown_person_is_created_where_the_source_says_so()
    {
        await using var core = await CoreFixture.Start(Now, Setup);
        var create = Case("1", "rasa") with { UnknownPerson = UnknownPerson.Create, PersonName = "Rasa", Team = "care" };
        (await core.Take(create, create with { Id = ActivityId.Of("2") })).ShouldAllBe(r => r.Outcome == ItemOutcome.Accepted);
        Scalar(core, "SELECT count(*) FROM person WHERE name = 'Rasa'").ShouldBe(1);
        Scalar(core, "SELECT sum(count) FROM rollup r JOIN metric m ON m.key = r.metric WHERE m.id = 'cases'").ShouldBe(2);
    }

    [Fact]
    public async Task What_waited_counts_when_another_source_creates_the_person()
    {
        await using var core = await CoreFixture.Start(Now, Setup);
        (await core.Take(Case("1", "rasa"), Case("2", "rasa"))).ShouldAllBe(r => r.Outcome == ItemOutcome.Held);
        await core.Take(Case("3", "rasa") with { UnknownPerson = UnknownPerson.Create });
        Scalar(core, "SELECT count(*) FROM held").ShouldBe(0);
        Scalar(core, "SELECT sum(count) FROM rollup r JOIN metric m ON m.key = r.metric WHERE m.id = 'cases'").ShouldBe(3);
        Scalar(core, "SELECT count(*) FROM award a JOIN person p ON p.key = a.person WHERE p.id = 'rasa'").ShouldBe(1);
    }

    [Fact]
    public async Task Nobody_is_created_for_an_item_that_is_not_in_force()
    {
        await using var core = await CoreFixture.Start(Now, Setup);
        await core.Take(Case("1"));
        var results = await core.Take(Case("1", "rasa") with { UnknownPerson = UnknownPerson.Create }, Case("2", "rasa"));
        results[0].Outcome.ShouldBe(ItemOutcome.Rejected);
        results[1].Outcome.ShouldBe(ItemOutcome.Held);
        Scalar(core, "SELECT count(*) FROM person WHERE id = 'rasa'").ShouldBe(0);
    }

    [Fact]
    public async Task Versions_of_one_identity_in_one_batch_leave_the_highest()
    {
        await using var core = await CoreFixture.Start(Now, Setup);
        var (first, second) = (Case("1"), Case("1") with { Version = 2, Measures = [new("talk", new Amount(9_000))] });
        var results = await core.Take(first, second, first with { Version = 1 }, Case("2"), Case("2") with { IsVoid = true, Version = 1 });
        results.ShouldAllBe(r => r.Outcome == ItemOutcome.Accepted);
        Scalar(core, "SELECT count(*) FROM activity").ShouldBe(1);
        Scalar(core, "SELECT sum(sum) FROM rollup r JOIN metric m ON m.key = r.metric WHERE m.id = 'longest'").ShouldBe(9_000);
        (await core.Take(second)).Single().ShouldBe(ItemResult.Duplicate);
        (await core.Take(first)).Single().ShouldBe(ItemResult.Accepted);
        Scalar(core, "SELECT count(*) FROM activity").ShouldBe(1);
    }

    [Fact]
    public async Task The_key_of_a_newest_activity_that_was_taken_back_does_not_come_again()
    {
        await using var core = await CoreFixture.Start(Now, Setup);
        await core.Take(Case("1"));
        var key = Scalar(core, "SELECT max(key) FROM activity");
        await core.Take(Case("1") with { IsVoid = true, Version = 1 });
        await core.Restart();
        await core.Take(Case("2"));
        Scalar(core, "SELECT max(key) FROM activity").ShouldBeGreaterThan(key);
    }

    [Fact]
    public async Task Work_that_nobody_did_counts_for_its_team()
    {
        await using var core = await CoreFixture.Start(Now, Setup);
        var lost = Case("1") with { Type = "lost", Person = null, Team = "care", Measures = [] };
        (await core.Take(lost)).Single().ShouldBe(ItemResult.Accepted);
        Scalar(core, "SELECT sum(count) FROM team_rollup").ShouldBe(1);
        (await core.Take(lost with { Id = ActivityId.Of("2"), Team = "nowhere" })).Single().Outcome.ShouldBe(ItemOutcome.Rejected);
    }

    [Fact]
    public async Task A_correction_replaces_and_a_void_takes_back_also_when_they_come_first()
    {
        await using var core = await CoreFixture.Start(Now, Setup);
        (await core.Take(Case("1") with { Version = 1, IsVoid = true })).Single().ShouldBe(ItemResult.Accepted);
        (await core.Take(Case("1"))).Single().ShouldBe(ItemResult.Accepted);
        Scalar(core, "SELECT count(*) FROM rollup").ShouldBe(0);
        await core.Take(Case("2"), Case("3"));
        await core.Take(Case("2") with { Version = 1, Measures = [new("talk", new Amount(1_000))] });
        await core.Take(Case("3") with { Version = 1, IsVoid = true });
        Scalar(core, "SELECT max(greatest) FROM rollup r JOIN metric m ON m.key = r.metric WHERE m.id = 'longest'").ShouldBe(1_000);
    }

    [Fact]
    public async Task An_award_that_no_longer_holds_is_flagged_and_loses_the_flag_when_it_holds_again()
    {
        await using var core = await CoreFixture.Start(Now, Setup);
        await core.Take(Case("1"), Case("2"), Case("3"));
        await core.Take(Case("3") with { Version = 1, IsVoid = true });
        Scalar(core, "SELECT count(*) FROM award WHERE flagged_at IS NOT NULL").ShouldBe(1);
        await core.Take(Case("4"));
        Scalar(core, "SELECT count(*) FROM award WHERE flagged_at IS NULL").ShouldBe(1);
    }

    [Fact]
    public async Task A_revoked_award_is_never_made_again()
    {
        await using var core = await CoreFixture.Start(Now, Setup);
        await core.Take(Case("1"), Case("2"), Case("3"));
        core.Database.Write((c, t) => c.Execute("UPDATE award SET revoked_at = 1", transaction: t));
        await core.Take(Case("0") with { At = Now.AddDays(-3).ToUnixTimeMilliseconds() });
        core.Apply(Setup.Replace("history: all", "history: all, visibility: hidden", StringComparison.Ordinal));
        core.Settle();
        Scalar(core, "SELECT count(*) FROM award WHERE revoked_at IS NULL").ShouldBe(0);
    }

    [Fact]
    public async Task A_metric_declared_later_counts_what_came_before_and_backfills_its_achievements()
    {
        await using var core = await CoreFixture.Start(Now, Setup);
        await core.Take([.. Enumerable.Range(0, 50).Select(i => Case($"{i}"))]);
        core.Apply("""
            metrics: [ { id: talk, types: [case], aggregate: sum, measure: talk } ]
            achievements: [ { id: talker, type: threshold, metric: talk, at-least: [100, 200], history: all } ]
            """);
        await core.Take(Case("50"));
        core.Settle();
        Scalar(core, "SELECT sum(sum) FROM rollup r JOIN metric m ON m.key = r.metric WHERE m.id = 'talk'").ShouldBe(51 * 5_000);
        Scalar(core, "SELECT count(*) FROM award a JOIN achievement b ON b.key = a.achievement WHERE b.id = 'talker'").ShouldBe(2);
    }

    [Fact]
    public async Task Applying_the_same_setup_again_changes_nothing()
    {
        await using var core = await CoreFixture.Start(Now);
        core.Apply(Setup, plan: true).ShouldNotBeEmpty();
        Scalar(core, "SELECT count(*) FROM site").ShouldBe(0);
        core.Apply(Setup).ShouldNotBeEmpty();
        core.Apply(Setup).ShouldBeEmpty();
    }

    [Fact]
    public async Task Activities_whose_telling_fails_were_taken_in_all_the_same()
    {
        await using var core = await CoreFixture.Start(Now, Setup);
        var intake = core.Services.GetRequiredService<Intake>();
        using var page = core.Services.GetRequiredService<LiveHub>().Subscribe(0);
        // Breaks what telling reads, with the commit of the batch.
        const string Break = "UPDATE setting SET value = 'broken' WHERE name = 'version-of-rules';";
        Write(core, TestDatabase.IsPostgres
            ? $"""
              CREATE FUNCTION break() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {Break} RETURN NULL; END $$;
              CREATE TRIGGER broken AFTER INSERT ON activity FOR EACH ROW EXECUTE FUNCTION break()
              """
            : $"CREATE TRIGGER broken AFTER INSERT ON activity BEGIN {Break} END");
        (await core.Take(Case("1"))).Single().ShouldBe(ItemResult.Accepted);
        Write(core,
            $"DROP TRIGGER broken{(TestDatabase.IsPostgres ? " ON activity" : "")}; "
            + "UPDATE setting SET value = '77' WHERE name = 'version-of-rules'");

        // Answered only after the first one has been told or not.
        (await core.Take(Case("1"), Case("2"))).ShouldBe([ItemResult.Duplicate, ItemResult.Accepted]);
        intake.Waiting.ShouldBe(0);
    }

    [Fact]
    public async Task A_replay_that_is_undone_leaves_nothing_in_memory()
    {
        await using var core = await CoreFixture.Start(Now, Setup);
        core.Apply("achievements: [ { id: seven, type: threshold, metric: cases, at-least: 7, history: all } ]");
        await core.Take(Case("1", "newcomer"), Case("2", "newcomer"), Case("3", "newcomer"), Case("4"));
        const string Newcomer = "people: [ { id: newcomer, name: Newcomer, team: care } ]";

        core.Apply(Newcomer, plan: true);
        core.Apply(Newcomer);
        await core.Take(Case("0", "newcomer"));

        using var connection = core.Database.Read();
        connection.Query<string>("SELECT b.id FROM award a JOIN achievement b ON b.key = a.achievement").ShouldBe(["three"]);
    }

    [Fact]
    public async Task A_replay_is_told_like_any_batch()
    {
        await using var core = await CoreFixture.Start(Now, Setup);
        await core.Take(Case("1", "newcomer"), Case("2", "newcomer"), Case("3", "newcomer"));
        using var page = core.Services.GetRequiredService<LiveHub>().Subscribe(0);
        var changed = core.Services.GetRequiredService<ChangedMetrics>();
        var cases = new MetricKey(Scalar(core, "SELECT key FROM metric WHERE id = 'cases'"));
        var before = changed.Of(cases);

        ActivatorUtilities.CreateInstance<SavePerson>(core.Services)
            .Add(new() { Id = "newcomer", Name = "Newcomer", Role = "agent", Active = true }, withPassword: false, Actor.CommandLine)
            .Problems.ShouldBeEmpty();

        changed.Of(cases).ShouldBe(before + 1);
        var topics = page.Take().Topics.Select(t => t.Name).ToList();
        topics.ShouldContain("metric:cases");
        topics.ShouldContain("awards");
    }

    [Fact]
    public async Task What_waits_in_thousands_is_replayed_whole()
    {
        await using var core = await CoreFixture.Start(Now, Setup);
        const int Many = 9_000;
        await core.Take([.. Enumerable.Range(0, Many).Select(i => Case($"{i}", "newcomer"))]);
        // One that is refused by now stands among them.
        Write(core, "UPDATE held SET body = replace(body, 'case', 'no-such') WHERE id = (SELECT id FROM held ORDER BY id DESC LIMIT 1)");

        core.Apply("people: [ { id: newcomer, name: Newcomer, team: care } ]");

        Scalar(core, "SELECT count(*) FROM held").ShouldBe(1);
        Scalar(core, "SELECT sum(count) FROM rollup r JOIN metric m ON m.key = r.metric WHERE m.id = 'cases'").ShouldBe(Many - 1);
    }

    private static void Write(CoreFixture core, string sql) => core.Database.Write((c, t) => c.Execute(sql, transaction: t));

    private static IncomingActivity Case(string id, string person = "greta") => new(
        "desk", ActivityId.Of(id), "case", person, null,
        Now.AddMinutes(-int.Parse(id, System.Globalization.CultureInfo.InvariantCulture)).ToUnixTimeMilliseconds(),
        [new("talk", new Amount(5_000))], []);

    private static long Scalar(CoreFixture core, string sql)
    {
        using var connection = core.Database.Read();
        return connection.ExecuteScalar<long>(sql);
    }
}
