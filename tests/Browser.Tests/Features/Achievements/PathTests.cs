using System.Globalization;
using Dapper;
using Laurel.App.Features.Achievements;
using Laurel.App.Features.Settings;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Yaml;
using Laurel.Browser.Tests.Platform;
using Laurel.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Laurel.Browser.Tests.Features.Achievements;

/// <summary>The way of an administrator from a few achievements to a path that agents walk.</summary>
[Collection(Browsing.Name)]
public sealed class PathTests(Installation site)
{
    [Theory]
    [InlineData(Look.LightDesktop, "Helping Hands")]
    [InlineData(Look.DarkPhone, "Steady Hands")]
    public async Task Admin_makes_a_path_of_three_steps_orders_them_and_an_agent_sees_how_many_are_earned(Look look, string name)
    {
        var first = name.Split(' ')[0];
        Declare(first.ToLowerInvariant(), first);
        await site.Visit(new(Installation.Admin) { Look = look }, async visit =>
        {
            await visit.Open("/manage/achievements");
            await visit.Page.Locator("main").GetByRole(AriaRole.Link, new() { Name = "Paths" }).ClickAsync();
            await visit.Page.Locator(".page-actions").GetByRole(AriaRole.Link, new() { Name = "New path" }).ClickAsync();
            await visit.Page.GetByLabel("Name in English").FillAsync(name);
            var steps = visit.Page.Locator("#f-Steps li");
            foreach (var (step, count) in ((string, int)[])[("Three", 1), ("One", 2), ("Two", 3)])
            {
                await visit.Page.GetByLabel("Add a step").SelectOptionAsync(new SelectOptionValue { Label = $"{first} {step}" });
                await visit.Button("Add").ClickAsync();
                await Expect(steps).ToHaveCountAsync(count);
            }
            // By the keyboard, and the button that was pressed keeps the focus.
            var down = visit.Page.Locator($"#down-{first.ToLowerInvariant()}-three");
            await down.FocusAsync();
            for (var place = 2; place <= 3; place++)
            {
                await visit.Page.Keyboard.PressAsync("Enter");
                await Expect(steps.Nth(place - 1)).ToContainTextAsync($"{place.ToString(CultureInfo.InvariantCulture)}. {first} Three");
                await Expect(down).ToBeFocusedAsync();
            }
            await Expect(visit.Page.Locator("#said .path-count")).ToHaveTextAsync("0 earned");
            (await visit.Page.Barriers()).ShouldBeEmpty();
            if (look == Look.DarkPhone) (await visit.Page.SticksOut(390)).ShouldBeEmpty();
            await visit.Button("Save").ClickAsync();
            await Expect(visit.Page.Locator(".note-good")).ToContainTextAsync("It is made.");
        });
        Award($"{first.ToLowerInvariant()}-one", $"{first.ToLowerInvariant()}-two");
        await site.Visit(new(Installation.Climber) { Look = look }, async visit =>
        {
            await visit.Open("/achievements");
            var path = visit.Page.Locator(".path").Filter(new() { HasText = name });
            await Expect(path.Locator(".path-count")).ToHaveTextAsync("2 earned");
            await Expect(path.Locator("li")).ToHaveTextAsync([$"{first} One", $"{first} Two", "Hidden"]);
            (await visit.Page.ContentAsync()).ShouldNotContain($"{first} Three");
        });
    }

    private void Declare(string id, string name)
    {
        var problems = new YamlProblems("steps.yaml");
        var setup = new SetupReader(problems).Read("achievements:\n" + string.Concat(((string[])["one", "two", "three"]).Select(step =>
            $"  - {{ id: {id}-{step}, name: {name} {char.ToUpperInvariant(step[0])}{step[1..]}, type: manual, visibility: hidden }}\n")));
        ActivatorUtilities.CreateInstance<ApplySetup>(site.Services).Run(setup!, problems, Actor.File("steps.yaml"), plan: false);
        problems.InOrder().ShouldBeEmpty();
    }

    private void Award(params string[] steps)
    {
        foreach (var step in steps)
            site.Services.GetRequiredService<Database>().Write((c, t) =>
            {
                long Key(string table, string id) => c.ExecuteScalar<long>($"SELECT key FROM {table} WHERE id = @id", new { id }, t);
                AwardByHand.Run(c, t, site.Services.GetRequiredService<CatalogueStore>().Current(c, t),
                    new(new(Key("achievement", step)), [Key("person", Installation.Climber)], "For helping", Guid.CreateVersion7()),
                    DataScope.Company, new(null, "Ada", Via.Web), site.Time.GetUtcNow().ToUnixTimeMilliseconds()).Refusal.ShouldBeNull();
            });
    }
}
