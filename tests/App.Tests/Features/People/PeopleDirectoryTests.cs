using System.Globalization;
using System.Net;
using AngleSharp.Html.Parser;
using Dapper;
using Laurel.App.Features.People;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Tests.Features.Achievements;
using Laurel.App.Tests.Platform;
using Laurel.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Laurel.App.Tests.Features.People;

/// <summary>What is kept of people must be what is there, in the order and by the letters of the reader's language.</summary>
public sealed class PeopleDirectoryTests
{
    private static readonly string[] Family = ["Žukas", "Zukas", "Šilas", "Silas", "šilas", "Ąžuolas", "Azas", "Čepas", "Cepas", "Yla",
        "Ila", "Jonas", "Ėglė", "Ęglė", "Egle", "de la Cruz", "O'Neil", "O-Neil", "ONeil", "Ødegård", "Łukasz", "Æsir", "李", "Straße"];

    [Theory]
    [InlineData("en")]
    [InlineData("lt")]
    public void Order_is_that_of_the_language_also_after_some_are_renamed(string language)
    {
        using var home = new Home();
        home.Database.Write((c, t) =>
        {
            for (var i = 0; i < 300; i++)
                c.Execute("INSERT INTO person (id, name, role, created_at) VALUES (@id, @name, 'agent', 0)",
                    new { id = $"p{i}", name = Name(i) }, t);
            Rulebook.TouchFloor(c, t);
        });
        var directory = new PeopleDirectory();
        In(language, () =>
        {
            Compare(directory);
            home.Database.Write((c, t) =>
            {
                c.Execute("UPDATE person SET name = 'Aaa ' || name WHERE key % 7 = 0", transaction: t);
                c.Execute("INSERT INTO person (id, name, role, created_at) VALUES ('new', 'Čia nauja', 'agent', 0)", transaction: t);
                Rulebook.TouchFloor(c, t);
            });
            Compare(directory);
        });

        void Compare(PeopleDirectory directory)
        {
            using var c = home.Database.Read();
            var rows = c.Query<(string Id, string Name)>("SELECT id, name FROM person").ToList();
            directory.Current(c).ByName.Select(p => (p.Id, p.Name)).ShouldBe(rows
                .OrderBy(p => p.Name, StringComparer.Create(CultureInfo.CurrentUICulture, ignoreCase: true))
                .ThenBy(p => p.Id, StringComparer.Ordinal));
        }

        static string Name(int i) => $"{Family[i % Family.Length]} {Family[i * 5 % 23]}";
    }

    [Fact]
    public async Task Whoever_is_new_or_renamed_is_found_at_once_on_another_node_too()
    {
        using var home = new Home();
        await using var one = await LaurelApp.StartOn(home.Database, withFloor: true);
        await using var other = await LaurelApp.StartOn(home.Database, withFloor: false);
        var (here, there) = (one.SignIn("admin"), other.SignIn("admin"));
        (await Names(there, "/people?q=rasa")).ShouldBeEmpty();
        (await LaurelApp.Post(here, "/people/new", "new-person",
            ("In.Name", "Rasa Ąžuolė"), ("In.Id", "ra"), ("In.Role", "agent"), ("In.Team", "care")))
            .StatusCode.ShouldBe(HttpStatusCode.Found);
        (await Names(there, "/people?q=rasa")).ShouldBe(["Rasa Ąžuolė"]);
        (await Names(there, "/people?q=rasa&team=care")).ShouldBe(["Rasa Ąžuolė"]);
        (await there.GetStringAsync("/teams")).ShouldContain("2 people");
        one.Declare("people: [ { id: ra, name: Gintarė Ąžuolė, team: retention } ]");
        (await Names(there, "/people?q=rasa")).ShouldBeEmpty();
        (await Names(there, "/people?q=gintare&team=retention")).ShouldBe(["Gintarė Ąžuolė"]);
        (await Names(there, "/people?team=care")).ShouldBe(["Amara Other"]);
        (await Names(there, "/people?role=agent&q=gintare")).ShouldBe(["Gintarė Ąžuolė"]);
    }

    [Fact]
    public async Task Long_list_is_turned_page_by_page_in_the_order_of_the_reader()
    {
        await using var app = await LaurelApp.Start();
        app.Declare(Many(60));
        var admin = app.SignIn("admin");
        List<string> all =
            [.. await Names(admin, "/people"), .. await Names(admin, "/people?page=2"), .. await Names(admin, "/people?page=3")];
        all.Count.ShouldBe(65);
        all.ShouldBe(all.Order(StringComparer.Create(CultureInfo.GetCultureInfo("en"), ignoreCase: true)));
        // A page that there is not is the last one.
        (await Names(admin, "/people?page=9")).ShouldBe(all[50..]);
        // Nobody sees more than the own teams by turning or searching.
        (await Names(app.SignIn("leader"), "/people?page=2")).ShouldBe(["Ada Leader", "Greta Agent", "Jonas Colleague"]);
        (await Names(app.SignIn("leader"), "/people?q=worker")).ShouldBeEmpty();
        admin.DefaultRequestHeaders.Add("Cookie", "laurel-lang=lt");
        app.Database.Write((c, t) =>
        {
            c.Execute("UPDATE person SET lang = 'lt' WHERE id = 'admin'", transaction: t);
            c.Execute("UPDATE person SET name = 'Žilė' WHERE id = 'w1'", transaction: t);
            c.Execute("UPDATE person SET name = 'Zylė' WHERE id = 'w2'", transaction: t);
            Rulebook.TouchFloor(c, t);
        });
        var lithuanian = app.SignIn("admin");
        (await Names(lithuanian, "/people?page=3"))[^2..].ShouldBe(["Zylė", "Žilė"]);
        (await Names(lithuanian, "/people?q=zile")).ShouldBe(["Zylė"]);
        (await Names(lithuanian, "/people?q=žILE")).ShouldBe(["Žilė"]);
    }

    [Fact]
    public async Task Everybody_else_of_a_long_list_is_put_into_a_group_and_a_division_at_once()
    {
        await using var app = await LaurelApp.Start();
        app.Declare(Many(130));
        var admin = app.SignIn("admin");
        foreach (var (what, form) in new[] { ("groups", "new-group"), ("divisions", "new-division") })
        {
            await LaurelApp.Post(admin, $"/{what}", form, ("Name", "Nights"));
            var others = await new HtmlParser().ParseDocumentAsync(await admin.GetStringAsync($"/{what}/nights?show=others&team=care"));
            others.QuerySelectorAll(".pick-one").Length.ShouldBe(100);
            others.QuerySelector(".group-people")!.TextContent.ShouldContain("All 131 of this list");
            others.QuerySelector(".group-people")!.TextContent.ShouldContain("The first 100 are shown.");
            await LaurelApp.Post(admin, $"/{what}/nights?show=others&team=care&q=1", "belong", ("All", "true"), ("From", "2026-03-12"));
            var members = await new HtmlParser().ParseDocumentAsync(await admin.GetStringAsync($"/{what}/nights"));
            // All whose name has a 1 in it.
            members.QuerySelectorAll(".pick-one").Length.ShouldBe(Enumerable.Range(1, 130).Count(i => $"{i}".Contains('1')));
        }
    }

    private static string Many(int people) => "people:\n"
        + string.Concat(Enumerable.Range(1, people).Select(i => $"  - {{ id: w{i}, name: Worker {i}, team: care }}\n"));

    private static void In(string language, Action act)
    {
        var before = CultureInfo.CurrentUICulture;
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(language);
        try
        {
            act();
        }
        finally
        {
            CultureInfo.CurrentUICulture = before;
        }
    }

    private static async Task<List<string>> Names(HttpClient browser, string address) =>
        [.. (await new HtmlParser().ParseDocumentAsync(await browser.GetStringAsync(address)))
            .QuerySelectorAll("td .who-name > span:first-child").Select(n => n.TextContent)];

    /// <summary>A database of its own that several nodes read.</summary>
    private sealed class Home : IDisposable
    {
        private readonly string folder = Directory.CreateTempSubdirectory("laurel-directory-").FullName;

        public Home() => Database = TestDatabase.New(folder);

        public Database Database { get; }

        public void Dispose()
        {
            Database.Dispose();
            Directory.Delete(folder, recursive: true);
        }
    }
}
