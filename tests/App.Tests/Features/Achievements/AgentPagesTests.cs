using System.Net;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Dapper;
using Laurel.App.Tests.Platform;

namespace Laurel.App.Tests.Features.Achievements;

/// <summary>What an agent, a colleague and a leader see of awards that were made by real activities.</summary>
public sealed class AgentPagesTests
{
    private static readonly string[] Secret =
        ["Moonlit", "Kept the strange hours", "Night watch", "night-owl", "night-secret", "night-watch"];

    [Fact]
    public async Task Achievements_after_activities_show_the_award_and_the_way_to_the_next_tier()
    {
        await using var app = await RecognitionDesk.Open();
        await app.Calls("agent", 4);
        var page = await Page(app.SignIn("agent"), "/achievements");
        page.QuerySelector(".hero h2")!.TextContent.ShouldBe("Caller I");
        var card = page.QuerySelectorAll(".coll").Single(c => c.QuerySelector("h3")!.TextContent == "Caller I");
        card.QuerySelector("small")!.TextContent.ShouldContain("4 of 5 this week · 1 to go");
        card.QuerySelectorAll(".coll-pips img").Length.ShouldBe(3);
    }

    [Fact]
    public async Task Achievements_of_a_newcomer_have_an_empty_state()
    {
        await using var app = await RecognitionDesk.Open();
        var page = await Page(app.SignIn("agent"), "/achievements");
        page.QuerySelector(".empty h2")!.TextContent.ShouldBe("No badges yet");
        page.QuerySelectorAll(".coll").Length.ShouldBe(3);
    }

    [Theory]
    [InlineData("earned", "Caller I")]
    [InlineData("next", "Caller I")]
    public async Task Achievements_filter_shows_only_what_fits(string show, string names)
    {
        await using var app = await RecognitionDesk.Open();
        await app.Calls("agent", 3);
        var page = await Page(app.SignIn("agent"), $"/achievements?show={show}");
        string.Join(' ', page.QuerySelectorAll(".coll h3").Select(h => h.TextContent)).ShouldBe(names);
    }

    [Fact]
    public async Task Hidden_badge_that_is_not_earned_is_nowhere_in_the_source_of_a_page()
    {
        await using var app = await RecognitionDesk.Open();
        await app.Calls("agent", 5);
        await app.NightWatch("colleague");
        var agent = app.SignIn("agent");
        foreach (var address in new[] { "/", "/achievements", "/achievements?show=next", "/people/agent", "/people/colleague", "/notices",
            "/achievements/caller" })
        {
            var html = await agent.GetStringAsync(address);
            foreach (var word in Secret) html.ShouldNotContain(word, Case.Insensitive, address);
        }
        (await Page(agent, "/achievements")).QuerySelectorAll(".coll h3").Select(h => h.TextContent).ShouldContain("Hidden badge");
        (await Page(agent, "/people/colleague")).QuerySelectorAll(".badge-card b").Select(h => h.TextContent).ShouldBe(["Hidden badge"]);
        (await agent.GetAsync("/achievements/night-secret")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    /// <summary>Not even how many there still are.</summary>
    [Fact]
    public async Task Path_shows_what_is_earned_and_one_drawing_for_all_that_is_a_surprise()
    {
        await using var app = await RecognitionDesk.Open();
        app.Declare("""
            achievements:
              - { id: ring-1, name: First Ring, badge: rookie, type: threshold, metric: calls, at-least: 1, history: all,
                  visibility: hidden }
              - { id: ring-2, name: Ringing Pair, badge: rookie, type: threshold, metric: calls, at-least: 2, history: all,
                  visibility: hidden }
              - { id: ring-3, name: Ringing Trio, badge: rookie, type: threshold, metric: calls, at-least: 90, history: all,
                  visibility: hidden }
              - { id: ring-4, name: Ringing Crowd, badge: rookie, type: threshold, metric: calls, at-least: 900, history: all,
                  visibility: hidden }
            paths:
              - { id: rings, name: { en: Rings, lt: Skambučiai }, description: { en: Answer calls, lt: Atsiliepkite },
                  steps: [ring-1, ring-2, ring-3, ring-4] }
            """);
        await app.Calls("agent", 2);
        using var agent = app.SignIn("agent");
        var page = await Page(agent, "/achievements");
        var path = page.QuerySelector(".path")!;
        path.QuerySelector("h3")!.TextContent.ShouldBe("Rings");
        path.QuerySelector(".path-count")!.TextContent.ShouldBe("2 earned");
        path.QuerySelectorAll(".path-step").Select(s => s.TextContent.Trim()).ShouldBe(["First Ring", "Ringing Pair", "Hidden"]);
        var source = page.DocumentElement.OuterHtml;
        foreach (var secret in (string[])["Ringing Trio", "Ringing Crowd", "ring-3", "ring-4"]) source.ShouldNotContain(secret);
        (await agent.GetAsync(new Uri("/achievements/ring-3", UriKind.Relative))).StatusCode.ShouldBe(System.Net.HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Hidden_badge_that_is_earned_has_its_name()
    {
        await using var app = await RecognitionDesk.Open();
        await app.NightWatch("agent");
        await app.NightWatch("colleague");
        var agent = app.SignIn("agent");
        (await agent.GetStringAsync("/achievements")).ShouldContain("Moonlit Keeper");
        (await agent.GetAsync("/achievements/night-secret")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await agent.GetStringAsync("/people/colleague")).ShouldContain("Moonlit Keeper");
    }

    [Fact]
    public async Task Hidden_badge_is_told_to_a_leader_only_of_people_in_scope()
    {
        await using var app = await RecognitionDesk.Open();
        await app.NightWatch("colleague");
        await app.NightWatch("other");
        var leader = app.SignIn("leader");
        (await leader.GetStringAsync("/people/colleague")).ShouldContain("Moonlit Keeper");
        (await leader.GetStringAsync("/people/other")).ShouldNotContain("Moonlit Keeper");
        (await Page(leader, "/achievements/night-secret"))
            .QuerySelectorAll("#holders .who-name > span:first-child").Select(n => n.TextContent)
            .ShouldBe(["Jonas Colleague"]);
    }

    [Fact]
    public async Task Badge_that_would_not_be_earned_any_more_says_so_to_its_holder_and_to_the_leader()
    {
        await using var app = await RecognitionDesk.Open();
        await app.Calls("agent", 3);
        (await Page(app.SignIn("agent"), "/achievements/caller")).QuerySelector(".note-needs").ShouldBeNull();
        app.Database.Write((c, t) => c.Execute("UPDATE award SET flagged_at = 1", transaction: t));
        (await Page(app.SignIn("agent"), "/achievements/caller")).QuerySelector(".note-needs")!.TextContent
            .ShouldContain("By what is counted now you would not have earned it");
        (await Page(app.SignIn("leader"), "/achievements/caller?person=agent")).QuerySelector(".note-needs")!.TextContent
            .ShouldContain("It stays until somebody revokes it.");
    }

    [Fact]
    public async Task Badge_of_another_team_says_for_whom_it_is()
    {
        await using var app = await RecognitionDesk.Open();
        app.Declare("""
            achievements:
              - { id: ours, name: Ours, type: threshold, metric: calls, at-least: 5, history: all, audience: { teams: [care] } }
            """);
        var page = await Page(app.SignIn("agent"), "/achievements/ours");
        var head = page.QuerySelector(".badge-head")!.TextContent;
        head.ShouldContain("Only for teams: “Care”.");
        head.ShouldNotContain("Not earned yet");
        page.QuerySelector(".empty h2")!.TextContent.ShouldBe("Only for teams: “Care”.");
        var own = await Page(app.SignIn("other"), "/achievements/ours");
        own.QuerySelector(".badge-head")!.TextContent.ShouldContain("Not earned yet");
        own.QuerySelectorAll(".facts dd").Select(d => d.TextContent).ShouldContain("Only for teams: “Care”.");
    }

    [Fact]
    public async Task Improvement_says_over_what_and_by_how_much()
    {
        await using var app = await RecognitionDesk.Open();
        await app.Calls("agent", 4, daysAgo: 14);
        await app.Calls("agent", 5, daysAgo: 7);
        app.Declare("""
            achievements:
              - { id: better, name: Better, type: improvement, metric: calls, range: week, percent: 10, sample: 1, history: all }
            """);
        await Until.IsTrue("history is counted", () => app.Read<long>("SELECT count(*) FROM work") == 0);
        var page = await Page(app.SignIn("agent"), "/achievements/better");
        page.QuerySelectorAll("#improved > *").Select(e => e.TextContent.Trim()).ShouldBe(["The week before", "4", "Higher by", "25%"]);
    }

    [Fact]
    public async Task Badge_lists_what_counted_with_the_deciding_one_first()
    {
        await using var app = await RecognitionDesk.Open();
        await app.Calls("agent", 4);
        var page = await Page(app.SignIn("agent"), "/achievements/caller");
        page.QuerySelectorAll(".timeline-n").Select(n => n.TextContent).ShouldBe(["3", "2", "1"]);
        page.QuerySelectorAll(".timeline-n-deciding").Select(n => n.TextContent).ShouldBe(["3"]);
        page.QuerySelector(".timeline-text")!.TextContent.ShouldContain("Call answered");
        page.QuerySelectorAll(".tier b").Select(t => t.TextContent).ShouldBe(["3", "5", "9"]);
        page.QuerySelector("#holders .who-name")!.TextContent.ShouldContain("Greta Agent");
    }

    [Theory]
    [InlineData("type: streak, metric: calls, at-least: 2, length: [3, 5]", "3 in a row", "5 in a row")]
    [InlineData("type: improvement, metric: calls, range: week, percent: [10, 25]", "10%", "25%")]
    public async Task Levels_say_what_each_asks_for_whatever_the_rule(string rule, string first, string second)
    {
        await using var app = await RecognitionDesk.Open();
        app.Declare($"achievements: [ {{ id: stepped, name: Stepped, {rule} }} ]");
        (await Page(app.SignIn("agent"), "/achievements/stepped")).QuerySelectorAll(".tier b").Select(t => t.TextContent)
            .ShouldBe([first, second]);
    }

    [Fact]
    public async Task Badge_of_several_conditions_lists_what_counted_of_each()
    {
        await using var app = await RecognitionDesk.Open();
        app.Declare("""
            achievements:
              - { id: both, type: threshold, range: week, history: all,
                  conditions: [ { metric: calls, at-least: 2 }, { metric: talk, at-least: 600 } ] }
            """);
        await app.Calls("agent", 5);
        var page = await Page(app.SignIn("agent"), "/achievements/both");
        page.QuerySelectorAll("#counted h3").Select(h => h.TextContent).ShouldBe(["Calls answered: 3", "Talk time: 10:00\u00a0min"]);
        page.QuerySelectorAll("#counted .timeline-n").Select(n => n.TextContent).ShouldBe(["3", "2", "1", "3", "2", "1"]);
        page.QuerySelectorAll("#counted .timeline-n-deciding").Select(n => n.TextContent).ShouldBe(["3", "3"]);
    }

    [Fact]
    public async Task Badge_says_of_what_counted_each_measure_with_its_unit_and_each_label_with_its_name()
    {
        await using var app = await RecognitionDesk.Open();
        await app.Calls("agent", 3);
        var page = await Page(app.SignIn("agent"), "/achievements/caller");
        page.QuerySelectorAll(".timeline-text small")[1].TextContent.Trim().ShouldBe("talk 3:20\u00a0min · kind: billing");
    }

    [Fact]
    public async Task Badge_says_of_what_counted_measures_and_labels_by_the_names_that_the_setup_gives()
    {
        await using var app = await RecognitionDesk.Open();
        app.Declare("""
            activity-types:
              - id: call
                name: { en: Call answered, lt: Atsilieptas skambutis }
                measures: { talk: { name: { en: Talk, lt: Pokalbis }, unit: seconds, negative: false } }
                labels: { kind: { name: { en: Kind, lt: Rūšis }, values: { billing: { en: Billing, lt: Sąskaitos } } } }
            """);
        await app.Calls("agent", 3);
        var agent = app.SignIn("agent");
        agent.DefaultRequestHeaders.AcceptLanguage.ParseAdd("lt");
        (await Page(agent, "/achievements/caller")).QuerySelectorAll(".timeline-text small")[1].TextContent.Trim()
            .ShouldBe("Pokalbis 3:20\u00a0min. · Rūšis: Sąskaitos");
    }

    [Fact]
    public async Task Badge_with_levels_counts_its_holders_by_level_and_says_which_level_the_share_is_of()
    {
        await using var app = await RecognitionDesk.Open();
        await app.Calls("agent", 4);
        await app.Calls("colleague", 6);
        var page = await Page(app.SignIn("agent"), "/achievements/caller");
        page.QuerySelectorAll(".badge-head .chip").Select(c => c.TextContent.Trim())
            .ShouldContain("67% of colleagues have reached level I");
        page.QuerySelectorAll(".levels b").Select(n => n.TextContent).ShouldBe(["0", "1", "1"]);
        page.QuerySelectorAll(".card").Single(c => c.QuerySelector("h2")?.TextContent == "Who holds it")
            .QuerySelector(".section-note")!.TextContent.ShouldBe("2 of 3 colleagues");
    }

    [Fact]
    public async Task Star_counts_notices_and_a_history_that_was_counted_is_one()
    {
        await using var app = await RecognitionDesk.Open();
        await app.Calls("agent", 5, daysAgo: 3);
        app.Read<long>("SELECT count(*) FROM award").ShouldBe(2);
        var agent = app.SignIn("agent");
        (await Page(agent, "/")).QuerySelector(".top-count")!.TextContent.ShouldBe("1");
        var line = (await Page(agent, "/notices")).QuerySelector(".list-row .list-text")!;
        line.QuerySelector("b")!.TextContent.ShouldBe("1 badge from earlier work");
        line.QuerySelector("small")!.TextContent.ShouldBe("Earned 2 times in all, celebrated together.");
    }

    [Fact]
    public async Task Achievements_tell_badges_from_the_times_they_were_earned()
    {
        await using var app = await RecognitionDesk.Open();
        await app.Calls("agent", 5);
        var agent = app.SignIn("agent");
        foreach (var address in new[] { "/achievements", "/people/agent" })
            (await Page(agent, address)).QuerySelectorAll(".hero-stat").Select(s => s.TextContent).ShouldBe(
                ["Badges1", "Gold tiers0", "Times earned2"], address);
    }

    private const string OtherWork = """
        activity-types:
          - { id: ticket, name: Ticket solved }
          - { id: hello, name: Hello }
        metrics:
          - { id: tickets, name: Tickets, unit: number, direction: higher, types: [ticket], aggregate: count }
          - { id: hellos, name: Hellos, unit: number, direction: higher, types: [hello], aggregate: count }
        achievements:
          - { id: fixer, name: Fixer, description: Two tickets., area: service, badge: guardian, type: threshold, metric: tickets,
              at-least: 2, history: all }
          - { id: first-ticket, name: First Ticket, description: A ticket., area: service, badge: rookie, type: first-time,
              activities: [ticket], history: all }
          - { id: greeter, name: Greeter, description: A hello., area: service, badge: mentor, type: threshold, metric: hellos,
              at-least: 1, repeat: every-time, history: all }
        """;

    [Theory]
    [InlineData("agent", "Caller", "Caller I")]
    [InlineData("other", "Fixer", "Fixer")]
    public async Task Next_badges_are_of_work_that_the_person_or_the_team_does(string person, string names, string next)
    {
        await using var app = await RecognitionDesk.Open();
        app.Declare(OtherWork);
        await app.Calls("agent", 2);
        await app.Once("ticket", "other");
        var browser = app.SignIn(person);
        (await Page(browser, "/achievements?show=next")).QuerySelectorAll(".coll h3").Select(h => h.TextContent).ShouldBe([names]);
        (await Page(browser, "/")).QuerySelector(".next h2")!.TextContent.ShouldBe(next);
        (await Page(browser, "/achievements")).QuerySelector(".section-sub h3")!.TextContent.ShouldBe("For other work");
    }

    [Fact]
    public async Task Next_badges_leave_out_what_has_just_been_earned_and_comes_at_every_multiple()
    {
        await using var app = await RecognitionDesk.Open();
        app.Declare(OtherWork);
        await app.Calls("agent", 2);
        await app.Once("hello", "agent");
        (await Page(app.SignIn("agent"), "/achievements?show=next")).QuerySelectorAll(".coll h3").Select(h => h.TextContent)
            .ShouldBe(["Caller"]);
    }

    [Fact]
    public async Task Badge_shows_a_first_page_of_what_counted_and_more_on_request()
    {
        await using var app = await RecognitionDesk.Open();
        await app.Calls("agent", 20);
        var award = app.Read<long>("SELECT key FROM award WHERE tier = 3");
        // Of all twenty calls the ninth decided; those after it have not counted for it.
        var page = await Page(app.SignIn("agent"), $"/achievements/caller?award={award}&shown=4");
        page.QuerySelectorAll(".timeline-n").Select(n => n.TextContent).ShouldBe(["9", "8", "7", "6"]);
        page.QuerySelector("#counted a.btn")!.TextContent.ShouldBe("Show 5 more");
    }

    [Fact]
    public async Task Badge_of_a_contest_shows_who_leads()
    {
        await using var app = await RecognitionDesk.Open();
        await app.Calls("agent", 2);
        await app.Calls("other", 6);
        var page = await Page(app.SignIn("agent"), "/achievements/champion");
        page.QuerySelectorAll(".list-row .who-name > span:first-child").Select(n => n.TextContent).ShouldBe(["Amara Other", "Greta Agent"]);
        page.Body!.TextContent.ShouldContain("the best has 6");
    }

    [Theory]
    [InlineData("leader", HttpStatusCode.OK)]
    [InlineData("admin", HttpStatusCode.OK)]
    [InlineData("colleague", HttpStatusCode.NotFound)]
    public async Task Badge_of_somebody_else_needs_the_permission_and_the_scope(string viewer, HttpStatusCode status)
    {
        await using var app = await RecognitionDesk.Open();
        await app.Calls("agent", 3);
        (await app.SignIn(viewer).GetAsync("/achievements/caller?person=agent")).StatusCode.ShouldBe(status);
    }

    [Fact]
    public async Task Badge_of_somebody_out_of_scope_is_not_found_for_a_leader()
    {
        await using var app = await RecognitionDesk.Open();
        await app.Calls("other", 3);
        (await app.SignIn("leader").GetAsync("/achievements/caller?person=other")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Feature_shows_a_held_badge_beside_the_name_and_refuses_others()
    {
        await using var app = await RecognitionDesk.Open();
        await app.Calls("agent", 3);
        var agent = app.SignIn("agent");
        (await LaurelApp.Post(agent, "/achievements/caller", "/achievements/caller/feature", ("featured", "true")))
            .StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await Page(app.SignIn("colleague"), "/people/agent")).QuerySelector(".profile-featured")!.TextContent.ShouldContain("Caller I");

        var fields = (await Page(agent, "/achievements/caller"))
            .QuerySelectorAll("form[action='/achievements/caller/feature'] input[type=hidden]")
            .Select(i => KeyValuePair.Create(i.GetAttribute("name")!, i.GetAttribute("value")!));
        (await agent.PostAsync("/achievements/champion/feature", new FormUrlEncodedContent(fields)))
            .StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Celebrations_of_several_awards_are_paged_and_looking_marks_them_as_seen()
    {
        await using var app = await RecognitionDesk.Open();
        await app.Calls("agent", 5);
        var agent = app.SignIn("agent");
        (await Page(agent, "/")).QuerySelector(".top-count")!.TextContent.ShouldBe("2");
        var (first, second) = (app.Read<long>("SELECT key FROM award WHERE tier = 1"),
            app.Read<long>("SELECT key FROM award WHERE tier = 2"));

        var page = await Page(agent, $"/celebrate/{first}");
        page.QuerySelector("h1")!.TextContent.ShouldBe("Caller I");
        page.QuerySelector(".moment-count")!.TextContent.ShouldBe("1 of 2");
        (await Page(agent, "/")).QuerySelector(".top-count")!.TextContent.ShouldBe("1");

        page = await Page(agent, page.QuerySelector(".moment-actions a.btn-gold")!.GetAttribute("href")!);
        page.QuerySelector("h1")!.TextContent.ShouldBe("Caller II");
        page.QuerySelector(".moment-count")!.TextContent.ShouldBe("2 of 2");
        page.QuerySelector(".moment-next")!.TextContent.ShouldContain("Caller III");
        (await Page(agent, "/")).QuerySelector(".top-count").ShouldBeNull();

        // Seen before: a replay, alone.
        (await Page(agent, $"/celebrate/{second}")).QuerySelector(".moment-count").ShouldBeNull();
    }

    [Fact]
    public async Task Celebration_that_is_only_fetched_ahead_is_not_seen()
    {
        await using var app = await RecognitionDesk.Open();
        await app.Calls("agent", 3);
        var agent = app.SignIn("agent");
        using var ahead = new HttpRequestMessage(HttpMethod.Get, $"/celebrate/{app.Read<long>("SELECT key FROM award")}");
        ahead.Headers.Add("Sec-Purpose", "prefetch");
        (await agent.SendAsync(ahead)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await Page(agent, "/")).QuerySelector(".top-count")!.TextContent.ShouldBe("1");
    }

    [Fact]
    public async Task Celebration_and_moment_of_somebody_else_are_not_found()
    {
        await using var app = await RecognitionDesk.Open();
        await app.Calls("agent", 3);
        var award = app.Read<long>("SELECT key FROM award");
        var colleague = app.SignIn("colleague");
        (await colleague.GetAsync($"/celebrate/{award}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await colleague.GetAsync($"/moments/{award}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await app.SignIn("agent").GetStringAsync($"/moments/{award}")).ShouldContain("\"title\":\"Caller I\"");
    }

    [Fact]
    public async Task Star_marks_as_read_without_script()
    {
        await using var app = await RecognitionDesk.Open();
        await app.Calls("agent", 3);
        var agent = app.SignIn("agent");
        var answer = await LaurelApp.Post(agent, "/achievements?show=earned", "/notices/read");
        answer.Headers.Location!.ToString().ShouldBe("/achievements?show=earned");
        (await Page(agent, "/")).QuerySelector(".top-count").ShouldBeNull();
    }

    [Fact]
    public async Task Today_brings_the_newest_badge_the_next_one_own_metrics_and_the_neighbours()
    {
        await using var app = await RecognitionDesk.Open();
        await app.Calls("agent", 4);
        await app.Calls("colleague", 6);
        var page = await Page(app.SignIn("agent"), "/");
        page.QuerySelector("h1")!.TextContent.Trim().ShouldBe("Good morning, Greta");
        page.QuerySelector(".hero h2")!.TextContent.ShouldBe("Caller I");
        page.QuerySelector(".next h2")!.TextContent.ShouldBe("Caller II");
        page.QuerySelectorAll(".tile-value").Select(t => t.TextContent).ShouldBe(["4", "13:20min"]);
        page.QuerySelectorAll(".today-board li > b").Select(b => b.TextContent).ShouldBe(["6", "4"]);
        page.QuerySelector(".today-you")!.TextContent.ShouldContain("Greta Agent");
    }

    [Fact]
    public async Task Pages_in_lithuanian_speak_it_throughout()
    {
        await using var app = await RecognitionDesk.Open();
        await app.Calls("agent", 4);
        var agent = app.SignIn("agent");
        agent.DefaultRequestHeaders.AcceptLanguage.ParseAdd("lt");
        var page = await Page(agent, "/achievements/caller");
        page.QuerySelector("h1")!.TextContent.ShouldBe("Skambintojas I");
        page.Body!.TextContent.ShouldContain("4 iš 5 šią savaitę · liko 1");
        page.Body.TextContent.ShouldContain("Atsilieptas skambutis");
        (await Page(agent, "/")).QuerySelector("h1")!.TextContent.Trim().ShouldBe("Labas rytas, Greta");
    }

    [Theory]
    [InlineData("/people/nobody")]
    [InlineData("/achievements/nothing")]
    [InlineData("/celebrate/999")]
    [InlineData("/celebrate/together/999")]
    public async Task Page_of_something_that_is_not_there_is_not_found(string address)
    {
        await using var app = await RecognitionDesk.Open();
        (await app.SignIn("agent").GetAsync(address)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private static async Task<IHtmlDocument> Page(HttpClient browser, string address) =>
        await new HtmlParser().ParseDocumentAsync(await browser.GetStringAsync(address));
}

internal static class DatabaseReading
{
    public static T Read<T>(this LaurelApp app, string sql)
    {
        using var connection = app.Database.Read();
        return connection.ExecuteScalar<T>(sql)!;
    }
}
