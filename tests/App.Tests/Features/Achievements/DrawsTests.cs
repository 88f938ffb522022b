using Dapper;
using Laurel.App.Features.Achievements;
using Laurel.App.Features.Verifying;
using Laurel.App.Platform.Work;
using Laurel.App.Tests.Platform;
using Laurel.App.Tests.Platform.Hosting;
using Laurel.Engine.Achievements;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;
using Microsoft.Extensions.DependencyInjection;

namespace Laurel.App.Tests.Features.Achievements;

/// <summary>Lucky draws: committed to ahead, drawn once at their time, missed when the day is over, drawn again by anybody.</summary>
public sealed class DrawsTests
{
    /// <summary>11:00 in Vilnius; the draw is at 12:30 there.</summary>
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 9, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Time = new(2026, 11, 20, 10, 30, 0, TimeSpan.Zero);

    private const string Clover = "achievements: [ { id: clover, type: lucky-draw, time: '12:30', one-in: 1 } ]";

    private const string Setup = $$"""
        sites: [ { id: vilnius, zone: Europe/Vilnius }, { id: lima, zone: America/Lima } ]
        people: [ { id: ada }, { id: greta }, { id: jonas }, { id: luz, site: lima } ]
        activity-types: [ { id: call } ]
        metrics: [ { id: calls, types: [call] } ]
        {{Clover}}
        """;

    private const string Presence = """
        presence:
          statuses: { available: online, break: { counts: pause, online: true }, lunch: pause, away: offline }
        """;

    [Fact]
    public async Task A_draw_is_committed_to_ahead_and_drawn_once_at_its_time_among_those_who_worked_that_day()
    {
        await using var core = await CoreFixture.Start(Now, Setup);
        core.Settle();
        var planned = All(core).ShouldHaveSingleItem();
        (planned.State, planned.Day.ToString(), planned.Time, planned.Seed).ShouldBe((Draws.Planned, "2026-11-20", Time, (string?)null));
        await core.Take(Call("g", "greta", Time.AddHours(-2)), Call("l", "luz", Time.AddHours(-1)), Call("y", "ada", Time.AddDays(-1)),
            Call("later", "jonas", Time.AddMinutes(1)));
        core.Settle();
        All(core).Single().State.ShouldBe(Draws.Planned);

        core.Time.Advance(Time.AddMinutes(5) - Now);
        core.Settle();
        core.Settle();
        var (next, drawn) = (All(core)[0], All(core)[1]);
        (next.State, next.Day.ToString()).ShouldBe((Draws.Planned, "2026-11-21"));
        (drawn.State, drawn.Source, drawn.Commitment).ShouldBe((Draws.Drawn, "activity", planned.Commitment));
        drawn.Candidates.ShouldBe(["greta", "luz"]);
        DrawDecision.Commitment(Convert.FromHexString(drawn.Seed!)).ShouldBe(planned.Commitment);
        drawn.Winner.ShouldBe(DrawDecision.Winner(Convert.FromHexString(drawn.Seed!), drawn.Record("clover")));
        Awards(core).ShouldBe([$"{drawn.Winner} 2026-11-20 2026-11-20T10:30:00Z"]);
        Differences(core).ShouldBeEmpty();
    }

    [Fact]
    public async Task Where_statuses_are_sent_who_is_online_at_the_time_takes_part()
    {
        await using var core = await CoreFixture.Start(Now, Setup);
        core.Apply(Presence);
        core.Settle();
        await core.Take(Status("a1", "ada", "available", Time.AddHours(-2)), Status("a2", "ada", "lunch", Time.AddMinutes(-1)),
            Status("g", "greta", "break", Time.AddHours(-3)), Status("j", "jonas", "available", Time),
            Status("l1", "luz", "available", Time.AddDays(-2)), Call("c", "ada", Time.AddHours(-1)));
        core.Time.Advance(Time.AddMinutes(1) - Now);
        core.Settle();
        var drawn = All(core)[1];
        (drawn.Source, string.Join(' ', drawn.Candidates)).ShouldBe(("presence", "greta jonas"));
        Differences(core).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_draw_that_is_late_is_drawn_on_its_day_and_missed_when_that_is_over()
    {
        await using var core = await CoreFixture.Start(Now, Setup);
        core.Settle();
        await core.Take(Call("g", "greta", Now));
        core.Time.Advance(TimeSpan.FromHours(8));
        await core.Restart();
        core.Settle();
        All(core)[1].State.ShouldBe(Draws.Drawn);
        Awards(core).ShouldBe(["greta 2026-11-20 2026-11-20T10:30:00Z"]);
        core.Time.Advance(TimeSpan.FromDays(5));
        await core.Restart();
        core.Settle();
        All(core).Select(d => $"{d.Day} {d.State}").ShouldBe(["2026-11-26 planned", "2026-11-21 missed", "2026-11-20 drawn"]);
        Awards(core).Count.ShouldBe(1);
        Differences(core).ShouldBeEmpty();
    }

    [Fact]
    public async Task Another_time_or_chance_counts_from_the_next_workday_and_switching_off_takes_the_plan_back()
    {
        await using var core = await CoreFixture.Start(Now, Setup);
        core.Settle();
        core.Apply(Clover.Replace("12:30", "9:15", StringComparison.Ordinal));
        core.Settle();
        var planned = All(core).Single();
        planned.Time.ShouldBe(Time);
        core.Time.Advance(TimeSpan.FromHours(3));
        core.Settle();
        All(core)[0].Time.ShouldBe(new DateTimeOffset(2026, 11, 21, 7, 15, 0, TimeSpan.Zero));
        core.Apply(Clover.Replace("} ]", ", enabled: false } ]", StringComparison.Ordinal)
            .Replace("12:30", "9:15", StringComparison.Ordinal));
        core.Settle();
        All(core).Count.ShouldBe(1);
        core.Time.Advance(TimeSpan.FromDays(2));
        core.Settle();
        core.Apply(Clover.Replace("12:30", "9:15", StringComparison.Ordinal));
        core.Settle();
        All(core).Select(d => d.Day.ToString()).ShouldBe(["2026-11-23", "2026-11-20"]);
        Differences(core).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_winner_is_a_fact_whatever_becomes_of_the_work_and_a_backfill_draws_nothing()
    {
        await using var core = await CoreFixture.Start(Now, Setup);
        core.Settle();
        await core.Take(Call("g", "greta", Now) with { Version = 1 });
        core.Time.Advance(TimeSpan.FromHours(2));
        core.Settle();
        await core.Take(Call("g", "greta", Now) with { Version = 2, IsVoid = true }, Call("j", "jonas", Now));
        core.Database.Write((c, t) => Backfill.Enqueue(c, t, new(1), 0));
        core.Settle();
        Awards(core).ShouldBe(["greta 2026-11-20 2026-11-20T10:30:00Z"]);
        All(core).Count.ShouldBe(2);
        Differences(core).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_crash_between_the_draw_and_the_end_of_its_transaction_leaves_nothing_and_the_same_winner_comes_later()
    {
        await using var core = await CoreFixture.Start(Now, Setup);
        core.Settle();
        await core.Take(Call("g", "greta", Now), Call("j", "jonas", Now));
        core.Time.Advance(TimeSpan.FromHours(2));
        core.Database.Write((c, t) => c.Execute(
            TestDatabase.IsPostgres
                ? "CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$; "
                    + "CREATE TRIGGER broken BEFORE INSERT ON notice FOR EACH ROW EXECUTE FUNCTION no()"
                : "CREATE TRIGGER broken BEFORE INSERT ON notice BEGIN SELECT RAISE(ABORT, 'no'); END", transaction: t));
        core.Services.GetRequiredService<WorkRunner>().RunDue().Failed.ShouldNotBeEmpty();
        Awards(core).ShouldBeEmpty();
        var planned = All(core).Single();
        core.Database.Write((c, t) => c.Execute($"DROP TRIGGER broken{(TestDatabase.IsPostgres ? " ON notice" : "")}", transaction: t));
        await core.Restart();
        core.Services.GetRequiredService<WorkRunner>().Reclaim();
        core.Settle();
        All(core)[1].Commitment.ShouldBe(planned.Commitment);
        Awards(core).Count.ShouldBe(1);
        Differences(core).ShouldBeEmpty();
    }

    [Fact]
    public async Task Nodes_that_share_the_work_draw_once()
    {
        if (!TestDatabase.IsPostgres) return;
        await using var one = await CoreFixture.Start(Now, Setup);
        one.Settle();
        await one.Take(Call("g", "greta", Now), Call("j", "jonas", Now));
        await using var two = await one.Another();
        for (var day = 0; day < 8; day++)
        {
            one.Time.Advance(TimeSpan.FromHours(day == 0 ? 2 : 24));
            two.Time.Advance(TimeSpan.FromHours(day == 0 ? 2 : 24));
            await one.Take(Call($"g{day}", "greta", one.Time.GetUtcNow().AddHours(-1)));
            await Task.WhenAll(new[] { one, two }.Select(node => Task.Run(() => node.Services.GetRequiredService<WorkRunner>().RunDue())));
        }
        one.Settle();
        All(one).Count(d => d.IsDrawn).ShouldBe(8);
        Awards(one).Count.ShouldBe(8);
        Differences(one).ShouldBeEmpty();
    }

    [Fact]
    public async Task Verify_tells_a_record_that_was_changed()
    {
        await using var core = await CoreFixture.Start(Now, Setup);
        core.Settle();
        await core.Take(Call("g", "greta", Now), Call("j", "jonas", Now));
        core.Time.Advance(TimeSpan.FromHours(2));
        core.Settle();
        core.Database.Write((c, t) =>
            c.Execute("UPDATE draw SET seed = @seed WHERE state = 'drawn'", new { seed = new string('0', 64) }, t));
        Differences(core).ShouldContain(d => d.Contains("the seed is not the one that was committed to", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_page_and_the_api_show_the_commitment_ahead_and_the_record_afterwards()
    {
        await using var app = await RecognitionDesk.Open();
        app.Declare(Clover.Replace("12:30", "23:59", StringComparison.Ordinal));
        var agent = app.SignIn("agent");
        var page = await agent.GetStringAsync("/achievements/clover");
        page.ShouldContain("SHA-256 of its seed");
        await app.Calls("agent", 1);
        app.Time.Advance(new DateTimeOffset(2026, 3, 12, 21, 59, 30, TimeSpan.Zero) - app.Time.GetUtcNow());
        app.Declare("metrics: []");
        page = await agent.GetStringAsync("/achievements/clover");
        page.ShouldContain("laurel draw 1");
        page.ShouldContain("Greta Agent won, of 1");
        var key = app.WithKey("achievements:read");
        var all = await key.GetStringAsync("/api/v1/achievements/clover/draws");
        all.ShouldContain("\"state\":\"planned\"");
        all.ShouldContain("\"candidates\":[\"agent\"],\"winner\":\"agent\","
            + "\"message\":\"laurel draw 1\\nclover\\n2026-03-12\\n1 of 1\\nagent\\n\"");
        (await key.GetAsync("/api/v1/achievements/none/draws")).StatusCode.ShouldBe(System.Net.HttpStatusCode.NotFound);
        (await app.SignIn("admin").GetStringAsync("/manage/achievements/clover/edit")).ShouldContain("value=\"23:59\"");
    }

    [Theory]
    [InlineData("one-in: 3", "'time' is missing: when it is drawn, such as 12:30")]
    [InlineData("time: noon, one-in: 3", "'time' must be a time of the day, such as 12:30")]
    [InlineData("time: '12:00'", "a draw has either 'one-in' or 'percent': how often somebody wins")]
    [InlineData("time: '12:00', one-in: 0", "'one-in' is a whole number from 1 to 10000")]
    [InlineData("time: '12:00', percent: 101", "'percent' is above 0 and at most 100")]
    [InlineData("time: '12:00', one-in: 2, history: all", "'history' here is enabling: of the past nothing is drawn")]
    public async Task A_setup_file_says_what_is_wrong(string rule, string problem)
    {
        await using var core = await CoreFixture.Start(Now, Setup);
        core.ProblemsOf($"achievements: [ {{ id: x, type: lucky-draw, {rule} }} ]").ShouldHaveSingleItem().ShouldEndWith(problem);
    }

    private static IncomingActivity Call(string id, string person, DateTimeOffset at) =>
        new("phones", ActivityId.Of(id), "call", person, null, at.ToUnixTimeMilliseconds(), [], []);

    private static IncomingActivity Status(string id, string person, string status, DateTimeOffset at) =>
        Call(id, person, at) with { Type = "presence", Labels = [new Label("status", status)] };

    private static List<KeptDraw> All(CoreFixture core)
    {
        using var c = core.Database.Read();
        return Draws.Of(c, null, null, 100);
    }

    private static List<string> Awards(CoreFixture core)
    {
        using var c = core.Database.Read();
        return [.. c.Query<(string Person, string Occasion, long At)>(
            "SELECT p.id, w.occasion, w.earned_at FROM award w JOIN person p ON p.key = w.person WHERE w.flagged_at IS NULL ORDER BY w.key")
            .Select(w => $"{w.Person} {w.Occasion} {DateTimeOffset.FromUnixTimeMilliseconds(w.At):yyyy-MM-ddTHH:mm:ssZ}")];
    }

    private static List<string> Differences(CoreFixture core)
    {
        core.Settle();
        var differences = new List<string>();
        ActivatorUtilities.CreateInstance<Verification>(core.Services).Run(d => differences.Add(d.ToString()), default).ShouldNotBeNull();
        return differences;
    }
}
