using Laurel.App.Features.Activities;
using Laurel.App.Features.Settings;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Hosting;
using Laurel.App.Platform.Yaml;
using Laurel.Browser.Tests.Platform;
using Laurel.Engine.Activities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Laurel.Browser.Tests.Features.Achievements;

/// <summary>What leaders and administrators do with badges, and what agents see of it.</summary>
[Collection(Browsing.Name)]
public sealed class RecognitionTests(Installation site)
{
    [Theory]
    [InlineData(Look.LightDesktop, "steren", "Mateo Quill")]
    [InlineData(Look.DarkPhone, "miki", "Tomas Vėjelis")]
    public async Task Leader_gives_a_badge_by_hand_takes_it_back_and_gives_it_again(Look look, string person, string name)
    {
        const string Badge = "/manage/achievements/customers-thanks";
        var note = $"Stayed with a worried caller, {look}";
        await site.Visit(new(Installation.Leader) { Look = look }, async leader =>
        {
            await leader.Open("/manage/achievements");
            await leader.Page.Locator($"a[href='{Badge}/award']").First.ClickAsync();
            await Expect(leader.Heading).ToContainTextAsync("Award");
            // Nobody chosen: the form stays as it was typed, and says what is missing.
            await leader.Page.GetByLabel("Note").FillAsync(note);
            leader.Expect("responded with a status of 422");
            await leader.Button("Award").ClickAsync();
            await Expect(leader.Page.Locator(".note-needs")).ToContainTextAsync("Choose at least one person.");
            await Expect(leader.Page.GetByLabel("Note")).ToHaveValueAsync(note);
            await leader.Page.Locator(".pick-one").Filter(new() { HasText = name }).ClickAsync();
            (await leader.Page.Barriers()).ShouldBeEmpty();
            await leader.Button("Award").ClickAsync();
            await Expect(leader.Page.Locator(".note-good")).ToContainTextAsync("1 person has it now");
        });
        await Sees(look, person, note, sees: true);
        await site.Visit(new(Installation.Leader) { Look = look }, async leader =>
        {
            await leader.Open(Badge);
            await leader.Page.Locator("#awards tr").Filter(new() { HasText = name }).GetByRole(AriaRole.Link, new() { Name = "Revoke" })
                .ClickAsync();
            await leader.Page.GetByLabel("Reason").FillAsync("It was a colleague");
            (await leader.Page.Barriers()).ShouldBeEmpty();
            await leader.Button("Revoke").ClickAsync();
            leader.Here.ShouldContain("show=revoked");
            await Expect(leader.Page.Locator("#awards tr").Filter(new() { HasText = name })).ToContainTextAsync("It was a colleague");
        });
        await Sees(look, person, note, sees: false);
        await site.Visit(new(Installation.Leader) { Look = look }, async leader =>
        {
            await leader.Open($"{Badge}?show=revoked");
            await leader.Page.Locator("#awards tr").Filter(new() { HasText = name }).Locator("form button").ClickAsync();
            await Expect(leader.Page.Locator("#awards")).ToContainTextAsync(name);
        });
        await Sees(look, person, note, sees: true);
    }

    [Fact]
    public async Task Admin_tries_an_achievement_out_and_takes_it_live_with_what_was_computed()
    {
        // Of a kind of its own, so that nobody else has it.
        Declare("tutored", "{ id: tried-out, name: Tried Out, type: first-time, activities: [tutored], history: all, test: true }");
        await Send("tutored");
        await site.Visit(new(Taught), async agent =>
        {
            await agent.Open("/achievements");
            (await agent.Page.ContentAsync()).ShouldNotContain("Tried Out");
        });
        await site.Visit(new(Installation.Admin), async admin =>
        {
            await admin.Open("/manage/achievements/tried-out");
            await Expect(admin.Page.Locator("#test-mode")).ToContainTextAsync("Nobody was told.");
            (await admin.Page.Barriers()).ShouldBeEmpty();
            await admin.Button("Go live, and keep it").ClickAsync();
            await Expect(admin.Page.Locator("#test-mode")).ToHaveCountAsync(0);
        });
        await site.Visit(new(Taught), async agent =>
        {
            await agent.Open("/achievements/tried-out");
            await Expect(agent.Page.Locator(".badge-head")).ToContainTextAsync("Earned");
        });
    }

    [Fact]
    public async Task Area_that_is_switched_off_hides_its_badges_and_brings_them_back()
    {
        Declare("mentored",
            "{ id: mentor-thanks, name: Mentor Thanks, area: coaching, type: first-time, activities: [mentored], history: all }");
        await Send("mentored");
        await Switch(on: false);
        await site.Visit(new(Taught), async agent =>
        {
            await agent.Open("/achievements");
            (await agent.Page.ContentAsync()).ShouldNotContain("Mentor Thanks");
            await agent.Open("/achievements/mentor-thanks", 404);
        });
        await Switch(on: true);
        await site.Visit(new(Taught), async agent =>
        {
            await agent.Open("/achievements/mentor-thanks");
            await Expect(agent.Page.Locator(".badge-head")).ToContainTextAsync("Earned");
        });

        Task Switch(bool on) => site.Visit(new(Installation.Admin), async admin =>
        {
            await admin.Open("/manage/areas");
            await admin.Page.GetByLabel("Coaching").SetCheckedAsync(on);
            await admin.Button("Save").ClickAsync();
            await Expect(admin.Page.Locator(".note-good")).ToContainTextAsync("Saved.");
        });
    }

    [Theory]
    [InlineData(Look.LightDesktop)]
    [InlineData(Look.DarkPhone)]
    public Task Leader_reads_the_reports_as_they_are_and_as_a_works_council_does(Look look) =>
        site.Visit(new(Installation.Leader) { Look = look }, async leader =>
        {
            await leader.Open("/reports");
            await Expect(leader.Page.Locator("main figure [role=img]").First).ToBeVisibleAsync();
            await leader.Page.Locator("select[name=weeks]").SelectOptionAsync(new SelectOptionValue { Index = 0 });
            await leader.Arrives("weeks=");
            await leader.Link("Works council").ClickAsync();
            await leader.Arrives("view=council");
            await Expect(leader.Page.Locator("main .note").First).ToContainTextAsync("Nothing here is told of fewer than");
            (await leader.Page.Barriers()).ShouldBeEmpty();
            var file = await leader.Page.RunAndWaitForDownloadAsync(
                () => leader.Page.Locator("a[href*='.csv']").First.ClickAsync());
            file.SuggestedFilename.ShouldEndWith(".csv");
        });

    [Fact]
    public Task Leader_looks_through_the_teams_badges_and_at_one_persons() => site.Visit(new(Installation.Leader), async leader =>
    {
        await leader.Open("/team/achievements");
        await Expect(leader.Page.Locator("main")).ToContainTextAsync("Ugnė Fernwood");
        (await leader.Page.ContentAsync()).ShouldNotContain("Freya Winterbourne");
        await leader.Page.Locator("main a[href*='show=flagged']").First.ClickAsync();
        await leader.Arrives("show=flagged");
        (await leader.Page.Barriers()).ShouldBeEmpty();
        await leader.Open("/achievements?person=sharon");
        await Expect(leader.Page.Locator("main")).ToContainTextAsync("Ugnė Fernwood");
    });

    private Task Sees(Look look, string person, string note, bool sees) => site.Visit(new(person) { Look = look }, async agent =>
    {
        await agent.Open("/achievements/customers-thanks");
        var given = agent.Page.Locator(".badge-note");
        if (sees) await Expect(given).ToHaveTextAsync(note);
        else await Expect(given).ToHaveCountAsync(0);
    });

    /// <summary>An agent of whom other tests ask nothing.</summary>
    private const string Taught = "bension";

    private async Task Send(string type)
    {
        var results = await site.Services.GetRequiredService<Intake>().Take([new IncomingActivity(
            "school", ActivityId.Of(type), type, Taught, null, site.Time.GetUtcNow().ToUnixTimeMilliseconds(), [], [])],
            CancellationToken.None);
        results.ShouldAllBe(r => r.Outcome == ItemOutcome.Accepted);
        site.Settle();
    }

    private void Declare(string type, string achievement)
    {
        var problems = new YamlProblems("one.yaml");
        var setup = new SetupReader(problems).Read($"activity-types: [ {{ id: {type} }} ]\nachievements:\n  - {achievement}\n");
        problems.InOrder().ShouldBeEmpty();
        ActivatorUtilities.CreateInstance<ApplySetup>(site.Services).Run(setup!, problems, Actor.File("one.yaml"), plan: false);
        problems.InOrder().ShouldBeEmpty();
        site.Settle();
    }
}
