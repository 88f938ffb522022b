using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Laurel.App.Features.Goals;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Hosting;
using Laurel.App.Tests.Features.Achievements;
using Laurel.App.Tests.Platform;
using Laurel.Engine.Goals;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace Laurel.App.Tests.Features.Goals;

/// <summary>Goals on pages and through the API, what both sides say, and reminders. It is Thursday 2026-03-12, 09:30 in Vilnius.</summary>
public sealed class GoalsTests
{
    private const string Badges = """
        achievements:
          - { id: getter, type: personal-goal, history: all, name: { en: Goal Getter, lt: Tikslo siekėjas } }
          - { id: agreed, type: personal-goal, set-by: agreement, history: all, name: { en: As Agreed, lt: Kaip sutarta } }
        """;

    [Fact]
    public async Task Own_goal_is_set_by_the_form_shown_with_its_progress_and_brings_the_badge_when_it_is_reached()
    {
        await using var app = await Open();
        var agent = app.SignIn("agent");
        (await Page(agent, "/goals")).QuerySelector(".empty")!.TextContent.ShouldContain("No goal yet");
        using var set = await Set(agent, "/goals/new", ("In.Target", "3"), ("In.Period", "Week"));
        set.StatusCode.ShouldBe(HttpStatusCode.Found);
        await app.Calls("agent", 2);
        var page = await Page(agent, set.Headers.Location!.OriginalString);
        page.QuerySelector("main")!.TextContent.ShouldContain("2 of 3");
        Awarded(app, "getter").ShouldBe(0);
        await app.Calls("agent", 1);
        Awarded(app, "getter").ShouldBe(1);
        (await Page(agent, set.Headers.Location!.OriginalString)).QuerySelector("main")!.TextContent.ShouldContain("Reached");
        (await Page(agent, "/")).QuerySelector("main")!.TextContent.ShouldContain("My goals");
        // The badge tells the work that brought it.
        (await agent.GetStringAsync("/achievements/getter")).ShouldContain("case-");
        Audit(app).ShouldBe(["goal.set"]);
    }

    [Theory]
    [InlineData("In.Target", "0", "The target is a number above 0.")]
    [InlineData("In.Target", "many", "The target is a number above 0.")]
    [InlineData("In.From", "2026-03-11", "A goal begins today or on a later day within a year.")]
    [InlineData("In.Until", "2026-03-11", "It ends before it begins.")]
    [InlineData("In.Period", "Once", "Say until when.")]
    [InlineData("In.Weeks", "27", "Between two reviews are 1 to 26 weeks.")]
    [InlineData("In.Metric", "nothing", "Choose what is counted.")]
    public async Task Goal_that_cannot_be_is_refused_and_what_was_typed_stays(string field, string value, string why)
    {
        await using var app = await Open();
        using var refused = await Set(app.SignIn("agent"), "/goals/new", (field, value), ("In.Words", "Because of spring"));
        refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var page = await refused.Content.ReadAsStringAsync();
        page.ShouldContain(why);
        page.ShouldContain("Because of spring");
        app.Read<long>("SELECT count(*) FROM goal").ShouldBe(0);
    }

    [Fact]
    public async Task Proposal_begins_when_the_person_agrees_and_what_both_said_stays()
    {
        await using var app = await Open();
        var (leader, agent) = (app.SignIn("leader"), app.SignIn("agent"));
        using var proposed = await Set(leader, "/goals/new?for=team",
            ("In.Person", "agent"), ("In.Target", "9"), ("In.Period", "Week"), ("In.Do", "propose"));
        var goal = proposed.Headers.Location!.OriginalString;
        (await Page(agent, "/goals")).QuerySelector("main")!.TextContent.ShouldContain("Waits for your answer");
        (await Page(agent, "/notices")).QuerySelector("main")!.TextContent.ShouldContain("A goal is proposed");
        using var counter = await Say(agent, goal, ("In.Do", "propose"), ("In.Target", "2"), ("In.Words", "Nine is too many"));
        (await Page(leader, "/goals/team")).QuerySelector("main")!.TextContent.ShouldContain("Waits for your answer");
        (await Page(leader, "/notices")).QuerySelector("main")!.TextContent.ShouldContain("A goal is proposed");
        await app.Calls("agent", 2);
        Awarded(app, "agreed").ShouldBe(0);
        using var accepted = await Say(leader, goal, ("In.Do", "accept"));
        accepted.StatusCode.ShouldBe(HttpStatusCode.Found);
        // Whoever has met it by then earns with the agreement.
        Awarded(app, "agreed").ShouldBe(1);
        app.Read<long>("SELECT earned_at FROM award WHERE flagged_at IS NULL LIMIT 1")
            .ShouldBe(app.Time.GetUtcNow().ToUnixTimeMilliseconds());
        var said = (await Page(agent, goal)).QuerySelector("main")!.TextContent;
        foreach (var word in (string[])["at least 9 every week", "Nine is too many", "agreed to at least 2", "Agreed"])
            said.ShouldContain(word);
        Audit(app).ShouldBe(["goal.proposed", "goal.proposed", "goal.accepted"]);
    }

    [Fact]
    public async Task Agreeing_to_what_has_been_answered_meanwhile_is_refused()
    {
        await using var app = await Open();
        var (keep, person, leader) = (app.Services.GetRequiredService<KeepGoals>(), Person(app, "agent"), Actor(app, "leader"));
        var goal = keep.Set(Wanted(person, 9) with { IsProposal = true }, DataScope.Company, leader).Goal;
        keep.Change(goal, new Amount(8000), null, true, DataScope.Company, leader).Refusal.ShouldBeNull();
        keep.Accept(goal, 1, null, DataScope.Company, Actor(app, "agent")).Refusal.ShouldNotBeNull().ShouldContain("meanwhile");
        keep.Accept(goal, 2, null, DataScope.Company, leader).Refusal.ShouldNotBeNull();
        keep.Accept(goal, 2, null, DataScope.Company, Actor(app, "agent")).Refusal.ShouldBeNull();
        app.Read<long>("SELECT target FROM goal_terms").ShouldBe(8000);
    }

    [Fact]
    public async Task Another_target_acts_from_the_next_period_on_and_a_closed_goal_keeps_what_was_reached()
    {
        await using var app = await Open();
        var (keep, person, self) = (app.Services.GetRequiredService<KeepGoals>(), Person(app, "agent"), Actor(app, "agent"));
        var goal = keep.Set(Wanted(person, 3), DataScope.Company, self).Goal;
        keep.Set(Wanted(person, 5), DataScope.Company, self).Refusal.ShouldNotBeNull().ShouldContain("already");
        keep.Change(goal, new Amount(1000), null, false, DataScope.Company, self).Refusal.ShouldBeNull();
        await app.Calls("agent", 2);
        Awarded(app, "getter").ShouldBe(0);
        app.Time.Advance(TimeSpan.FromDays(5));
        await app.Calls("agent", 1);
        Awarded(app, "getter").ShouldBe(1);
        keep.Close(goal, null, DataScope.Company, self).Refusal.ShouldBeNull();
        keep.Comment(goal, "Late", false, DataScope.Company, self).Refusal.ShouldNotBeNull().ShouldContain("closed");
        app.Time.Advance(TimeSpan.FromDays(7));
        await app.Calls("agent", 5);
        Awarded(app, "getter").ShouldBe(1);
        (await Page(app.SignIn("agent"), "/goals")).QuerySelector("main")!.TextContent.ShouldContain("Past goals");
    }

    [Fact]
    public async Task Goals_of_others_are_seen_and_set_within_the_data_scope_only()
    {
        await using var app = await Open();
        var keep = app.Services.GetRequiredService<KeepGoals>();
        var goal = keep.Set(Wanted(Person(app, "other"), 3), DataScope.Company, Actor(app, "other")).Goal;
        foreach (var who in (string[])["agent", "leader"])
        {
            using var hidden = await app.SignIn(who).GetAsync($"/goals/{goal}");
            hidden.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        }
        using var admin = await app.SignIn("admin").GetAsync($"/goals/{goal}");
        admin.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var refused = await Set(app.SignIn("leader"), "/goals/new?for=team", ("In.Person", "other"), ("In.Do", "set"));
        refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        using var team = await app.SignIn("agent").GetAsync("/goals/new?for=team");
        team.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        app.Read<long>("SELECT count(*) FROM goal").ShouldBe(1);
        (await Page(app.SignIn("leader"), "/people/agent")).QuerySelector("a[href^='/goals/new?for=team']").ShouldNotBeNull();
        (await Page(app.SignIn("agent"), "/people/colleague")).QuerySelector("a[href^='/goals/']").ShouldBeNull();
    }

    [Fact]
    public async Task Review_is_reminded_of_once_in_the_morning_where_the_person_works_and_not_of_a_closed_goal()
    {
        await using var app = await Open();
        var keep = app.Services.GetRequiredService<KeepGoals>();
        var goal = keep.Set(Wanted(Person(app, "agent"), 3) with { ReviewWeeks = 2 }, DataScope.Company, Actor(app, "agent")).Goal;
        At(app, 2026, 3, 26, 5, 59);
        Reminders(app).ShouldBe(0);
        At(app, 2026, 3, 26, 6, 0);
        Reminders(app).ShouldBe(1);
        app.Settle();
        Reminders(app).ShouldBe(1);
        (await Page(app.SignIn("agent"), "/notices")).QuerySelector("main")!.TextContent.ShouldContain("Time to look at the goal");
        // The clocks have changed; what fell due while nobody looked is one reminder.
        At(app, 2026, 5, 1, 0, 0);
        Reminders(app).ShouldBe(2);
        At(app, 2026, 5, 7, 4, 59);
        Reminders(app).ShouldBe(2);
        At(app, 2026, 5, 7, 5, 0);
        Reminders(app).ShouldBe(3);
        keep.Close(goal, null, DataScope.Company, Actor(app, "agent")).Refusal.ShouldBeNull();
        At(app, 2026, 8, 1, 0, 0);
        Reminders(app).ShouldBe(3);
    }

    [Fact]
    public async Task Api_sets_lists_and_answers_with_problems()
    {
        await using var app = await Open();
        var program = app.WithKey("goals:read", "goals:write");
        using var set = await program.PostAsync(
            "/api/v1/goals?person=agent&metric=calls&target=3&period=week&proposal=true", null);
        set.StatusCode.ShouldBe(HttpStatusCode.Created);
        var goal = set.Headers.Location!.OriginalString;
        (await set.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("waiting").GetInt32().ShouldBe(1);
        using var accepted = await Say(app.SignIn("agent"), goal.Replace("/api/v1", "", StringComparison.Ordinal), ("In.Do", "accept"));
        await app.Calls("agent", 3);
        var listed = (await program.GetFromJsonAsync<JsonElement>("/api/v1/goals?person=agent")).GetProperty("goals")[0];
        listed.GetProperty("agreed").GetBoolean().ShouldBeTrue();
        listed.GetProperty("periods")[0].GetRawText()
            .ShouldBe("""{"from":"2026-03-12","until":"2026-03-15","target":3,"value":3,"state":"reached"}""");
        using var again = await program.PostAsync("/api/v1/goals?person=agent&metric=calls&target=5&period=week", null);
        again.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await again.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString()!.ShouldEndWith("goal-refused");
        using var nobody = await program.PostAsync("/api/v1/goals?person=nobody&metric=calls&target=5&period=week", null);
        nobody.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using var odd = await program.PostAsync($"{goal}/entries?kind=dance", null);
        odd.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        using var closed = await program.PostAsync($"{goal}/entries?kind=close", null);
        (await closed.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("closed").GetString().ShouldBe("2026-03-12");
    }

    [Fact]
    public async Task Average_is_decided_when_the_period_has_closed()
    {
        await using var app = await Open();
        app.Declare("""
            metrics:
              - { id: mean, types: [call], aggregate: average, measure: talk }
            """);
        var keep = app.Services.GetRequiredService<KeepGoals>();
        keep.Set(Wanted(Person(app, "agent"), 300) with { Metric = "mean", Comparison = Comparison.AtMost }, DataScope.Company,
            Actor(app, "agent")).Refusal.ShouldBeNull();
        await app.Calls("agent", 5);
        app.Settle();
        Awarded(app, "getter").ShouldBe(0);
        At(app, 2026, 3, 16, 1, 0);
        Awarded(app, "getter").ShouldBe(1);
    }

    private static async Task<LaurelApp> Open()
    {
        var app = await RecognitionDesk.Open();
        app.Declare(Badges);
        return app;
    }

    private static WantedGoal Wanted(PersonKey person, long target) => new(person, "calls", Comparison.AtLeast, new(target * 1000),
        GoalPeriod.Week, Workday.Of(2026, 3, 12), null, null, null, false);

    private static PersonKey Person(LaurelApp app, string id) => new(app.Read<long>($"SELECT key FROM person WHERE id = '{id}'"));
    private static Actor Actor(LaurelApp app, string id) => new(Person(app, id).Value, id, Via.Web);

    private static Task<HttpResponseMessage> Set(HttpClient browser, string page, params (string, string)[] fields)
    {
        (string Name, string Value)[] usual =
            [("In.Metric", "calls"), ("In.Target", "5"), ("In.Period", "Day"), ("In.From", "2026-03-12"), ("In.Do", "set")];
        return LaurelApp.Post(browser, page, "goal", [.. usual.Where(u => !fields.Any(f => f.Item1 == u.Name)), .. fields]);
    }

    private static Task<HttpResponseMessage> Say(HttpClient browser, string goal, params (string, string)[] fields) =>
        LaurelApp.Post(browser, goal, "say", fields);

    private static void At(LaurelApp app, int year, int month, int day, int hour, int minute)
    {
        app.Time.Set(new DateTimeOffset(year, month, day, hour, minute, 0, TimeSpan.Zero));
        app.Settle();
    }

    private static long Reminders(LaurelApp app) => app.Read<long>("SELECT count(*) FROM notice WHERE kind = 'goal-review'");

    private static long Awarded(LaurelApp app, string achievement) => app.Read<long>(
        $"SELECT count(*) FROM award w JOIN achievement a ON a.key = w.achievement WHERE a.id = '{achievement}' AND w.flagged_at IS NULL");

    private static IEnumerable<string> Audit(LaurelApp app)
    {
        for (var i = 0L; i < app.Read<long>("SELECT count(*) FROM audit WHERE action LIKE 'goal.%'"); i++)
            yield return app.Read<string>($"SELECT action FROM audit WHERE action LIKE 'goal.%' ORDER BY key LIMIT 1 OFFSET {i}");
    }

    private static async Task<IHtmlDocument> Page(HttpClient browser, string address) =>
        await new HtmlParser().ParseDocumentAsync(await browser.GetStringAsync(address));
}
