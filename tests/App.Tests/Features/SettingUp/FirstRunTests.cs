using System.Net;
using Dapper;
using Laurel.App.Features.SettingUp;
using Laurel.App.Tests.Platform;
using Microsoft.Extensions.DependencyInjection;

namespace Laurel.App.Tests.Features.SettingUp;

public sealed class FirstRunTests
{
    private static readonly (string, string)[] Answers =
    [
        ("In.Name", "Priya Raman"), ("In.Id", "priya"), ("In.Password", "correct horse battery"), ("In.Site", "Vilnius office"),
        ("In.Zone", "Europe/Vilnius"), ("In.WeekStart", "Sunday"),
    ];

    [Theory]
    [InlineData("/sign-in")]
    [InlineData("/password")]
    public async Task Every_page_of_a_new_installation_leads_to_the_set_up_page(string page)
    {
        await using var app = await LaurelApp.StartEmpty();
        (await app.Client.GetAsync(page)).Headers.Location!.ToString().ShouldBe("/set-up");
        (await app.Client.GetAsync("/set-up")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await app.Client.GetStringAsync("/healthz")).ShouldBe("ok");
    }

    [Fact]
    public async Task Right_code_makes_administrator_and_site_and_the_page_is_gone()
    {
        await using var app = await LaurelApp.StartEmpty();
        var answer = await LaurelApp.Post(app.Client, "/set-up", "set-up", [Code(app), .. Answers]);
        answer.StatusCode.ShouldBe(HttpStatusCode.Found);
        (await app.Client.GetAsync("/password")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await app.Client.GetAsync("/set-up")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using var c = app.Database.Read();
        c.QuerySingle<(string, string)>("SELECT id, role FROM person").ShouldBe(("priya", "admin"));
        c.QuerySingle<(string, string)>("SELECT name, zone FROM site").ShouldBe(("Vilnius office", "Europe/Vilnius"));
        c.QuerySingle<string>("SELECT value FROM setting WHERE name = 'week-start'").ShouldBe("Sunday");
        c.QuerySingle<string>("SELECT action FROM audit").ShouldBe("setup.completed");
    }

    [Theory]
    [InlineData(" ", "vilnius")]
    [InlineData("", "EUROPE/VILNIUS")]
    public async Task Code_may_be_typed_without_hyphens_and_the_zone_as_its_city(string between, string zone)
    {
        await using var app = await LaurelApp.StartEmpty();
        var (field, code) = Code(app);
        var answers = Answers.Select(a => a.Item1 == "In.Zone" ? (a.Item1, zone) : a);
        (await LaurelApp.Post(app.Client, "/set-up", "set-up",
            [(field, code.Replace("-", between, StringComparison.Ordinal)), .. answers])).StatusCode.ShouldBe(HttpStatusCode.Found);
        using var c = app.Database.Read();
        c.QuerySingle<string>("SELECT zone FROM site").ShouldBe("Europe/Vilnius");
    }

    [Fact]
    public async Task Sets_that_are_ticked_are_installed_and_the_starter_set_is_ticked_at_first()
    {
        await using var app = await LaurelApp.StartEmpty();
        var page = await app.Client.GetStringAsync("/set-up");
        System.Text.RegularExpressions.Regex.Matches(page, "<input[^>]*name=\"In.Sets\"[^>]*checked", default, TimeSpan.FromSeconds(1))
            .ShouldHaveSingleItem().Value.ShouldContain("starter");
        await LaurelApp.Post(app.Client, "/set-up", "set-up", [Code(app), .. Answers, ("In.Sets", "starter"), ("In.Sets", "sales")]);
        using var c = app.Database.Read();
        c.ExecuteScalar<long>("SELECT count(*) FROM achievement").ShouldBe(16 + 6);
        c.Query<string>("SELECT DISTINCT actor_name FROM audit WHERE action = 'achievement.added'").ShouldBe(["Priya Raman"]);
    }

    [Fact]
    public async Task Wrong_code_makes_nothing_and_many_are_too_many()
    {
        await using var app = await LaurelApp.StartEmpty();
        for (var i = 0; i < 10; i++)
            (await LaurelApp.Post(app.Client, "/set-up", "set-up", [("In.Code", "AAAA-AAAA-AAAA-AAAA"), .. Answers]))
                .StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await LaurelApp.Post(app.Client, "/set-up", "set-up", [Code(app), .. Answers]))
            .StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        using var c = app.Database.Read();
        c.ExecuteScalar<long>("SELECT COUNT(*) FROM person").ShouldBe(0);
    }

    [Theory]
    [InlineData("In.Zone", "Europe/Nowhere")]
    [InlineData("In.Password", "short")]
    [InlineData("In.Password", "1234567890")]
    [InlineData("In.Id", "two words")]
    [InlineData("In.WeekStart", "Tuesday")]
    [InlineData("In.Name", " ")]
    public async Task Answer_that_cannot_be_taken_makes_nothing(string field, string value)
    {
        await using var app = await LaurelApp.StartEmpty();
        var answers = Answers.Select(a => a.Item1 == field ? (field, value) : a);
        (await LaurelApp.Post(app.Client, "/set-up", "set-up", [Code(app), .. answers]))
            .StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        using var c = app.Database.Read();
        c.ExecuteScalar<long>("SELECT (SELECT COUNT(*) FROM person) + (SELECT COUNT(*) FROM site)").ShouldBe(0);
    }

    /// <summary>A setup file may have made people before: nobody becomes one of them by accident, nor gives them another name.</summary>
    [Theory]
    [InlineData("Priya Example", HttpStatusCode.UnprocessableEntity, "leader")]
    [InlineData("", HttpStatusCode.Found, "admin")]
    public async Task Sign_in_name_of_somebody_who_is_there_asks_for_that_persons_name(string name, HttpStatusCode status, string role)
    {
        await using var app = await LaurelApp.StartEmpty();
        var own = Answers.First(a => a.Item1 == "In.Name").Item2;
        app.Database.Write((c, t) => c.Execute(
            "INSERT INTO person (id, name, role, created_at) VALUES ('priya', @name, 'leader', 0)",
            new { name = name.Length > 0 ? name : own }, t));
        (await LaurelApp.Post(app.Client, "/set-up", "set-up", [Code(app), .. Answers])).StatusCode.ShouldBe(status);
        using var c = app.Database.Read();
        c.QuerySingle<(string, string)>("SELECT name, role FROM person").ShouldBe((name.Length > 0 ? name : own, role));
    }

    [Fact]
    public async Task Set_up_page_of_an_installation_with_people_is_not_there()
    {
        await using var app = await LaurelApp.Start();
        (await app.Client.GetAsync("/set-up")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private static (string, string) Code(LaurelApp app) => ("In.Code", app.Services.GetRequiredService<FirstRun>().Code.ToLowerInvariant());
}
