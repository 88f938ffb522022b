using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Dapper;
using Laurel.App.Features.Achievements.Manage;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Hosting;
using Laurel.App.Tests.Platform;
using Laurel.App.Tests.Platform.Access;
using Microsoft.Extensions.DependencyInjection;

namespace Laurel.App.Tests.Features.Achievements.Manage;

/// <summary>Making and changing achievements by the form, as a browser without script does.</summary>
public sealed class EditorPageTests
{
    private const string New = "/manage/achievements/new";

    public static TheoryData<string, string, string> Kinds => new()
    {
        { "threshold", "In.Range=day&In.Conditions[0].Metric=calls&In.Conditions[0].Target1=3&In.Conditions[0].Target2=5",
            "“Calls answered” reaches 3 or 5 in one day. Every day anew." },
        { "best-of-period", "In.Metric=talk&In.Period=month&In.Best=highest&In.Minimum=60",
            "The highest “Talk time” of each month, at least 1:00\u00A0min." },
        { "personal-record", "In.Metric=calls&In.Range=day&In.After=3",
            "A personal best: the highest “Calls answered” of one day so far. Counts after 3 earlier days." },
        { "improvement", "In.Metric=calls&In.Range=week&In.Level1=5&In.Level2=12,5",
            "“Calls answered” is higher by 5% or 12.5% than the week before." },
        { "streak", "In.Range=day&In.Conditions[0].Metric=calls&In.Conditions[0].Target1=2&In.Level1=3&In.Level2=5&In.Repeat=every-time",
            "“Calls answered” reaches 2 on 3 or 5 workdays in a row; days off do not count. Again with every new row." },
        { "first-time", "In.Activities=night-watch", "The first activity of the kind “Night watch kept”." },
        { "lucky-draw", "In.Time=12:30&In.OneIn=&In.Percent=2,5",
            "Once a day at 12:30 one of those who are online is drawn; somebody wins in 2.5% of draws." },
        { "collection", "In.Set=caller&In.Set=night-secret", "All of these: “Caller”, “Moonlit Keeper”." },
        { "manual", "", "Given by a person, with a note." },
    };

    [Fact]
    public async Task Where_nothing_is_counted_yet_the_form_tells_where_metrics_come_from()
    {
        await using var app = await LaurelApp.Start();
        (await Page(app.SignIn("admin"), $"{New}?kind=threshold")).QuerySelector("main a[href='/manage/metrics']")
            .ShouldNotBeNull().ParentElement!.TextContent.ShouldContain("There are no metrics yet");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Kind_is_made_off_said_in_words_and_comes_back_into_the_form_as_it_is(string kind, string fields, string sentence)
    {
        await using var app = await RecognitionDesk.Open();
        var admin = app.SignIn("admin");
        using var made = await Press(admin, $"{New}?kind={kind}", "save", $"In.Name=Ąžuolas III!&In.NameLt=Ąžuolas&{fields}");
        made.StatusCode.ShouldBe(HttpStatusCode.Found, await made.Content.ReadAsStringAsync());
        made.Headers.Location!.OriginalString.ShouldEndWith("/manage/achievements/azuolas-iii?saved=new");
        var page = await Page(admin, "/manage/achievements/azuolas-iii?saved=new");
        page.QuerySelector(".rule")!.TextContent.Trim().ShouldBe(sentence);
        page.QuerySelector(".note-good")!.TextContent.ShouldContain("Nobody earns it before you enable it.");
        app.Read<long>("SELECT count(*) FROM achievement_span s JOIN achievement a ON a.key = s.achievement WHERE a.id = 'azuolas-iii'")
            .ShouldBe(0);
        app.Read<string>("SELECT actor_name || ' ' || via FROM audit WHERE action = 'achievement.added' AND object = 'azuolas-iii'")
            .ShouldBe("Priya Admin web");

        // Saved again as it is, it says nothing new.
        using var again = await Press(admin, "/manage/achievements/azuolas-iii/edit", "save", "");
        again.StatusCode.ShouldBe(HttpStatusCode.Found, await again.Content.ReadAsStringAsync());
        app.Read<long>("SELECT count(*) FROM audit WHERE action = 'achievement.changed'").ShouldBe(0);
        app.Read<long>("SELECT count(*) FROM achievement_version v JOIN achievement a ON a.key = v.achievement WHERE a.id = 'azuolas-iii'")
            .ShouldBe(1);
    }

    [Fact]
    public async Task New_offers_the_kinds_first()
    {
        await using var app = await RecognitionDesk.Open();
        var page = await Page(app.SignIn("admin"), New);
        page.QuerySelectorAll(".kinds-one b").Select(b => b.TextContent).ShouldBe(
            [
                "Threshold", "Best of period", "Personal record", "Improvement", "Streak",
                "First time", "First in project", "Lucky draw", "Personal goal", "Collection",
                "By hand"]);
        (await Page(app.SignIn("admin"), page.QuerySelector("a.kinds-one")!.GetAttribute("href")!)).QuerySelector("form.editor")
            .ShouldNotBeNull();
    }

    [Fact]
    public async Task What_is_made_is_what_a_file_makes()
    {
        await using var app = await RecognitionDesk.Open();
        app.Declare("""
            achievements:
              - { id: by-file, name: By file, type: threshold, metric: calls, at-least: [2, 4], range: month, enabled: false, repeat: once }
            """);
        using var made = await Press(app.SignIn("admin"), $"{New}?kind=threshold", "save",
            "In.Name=By form&In.Range=month&In.Repeat=once&In.Conditions[0].Metric=calls&In.Conditions[0].Target1=2"
            + "&In.Conditions[0].Target2=4");
        made.StatusCode.ShouldBe(HttpStatusCode.Found);
        var rows = Rows(app, """
            SELECT v.rule || a.area || a.badge || a.repeat || a.visibility || a.from_enabling
            FROM achievement a JOIN achievement_version v ON v.achievement = a.key WHERE a.id IN ('by-file', 'by-form')
            """);
        rows.Count.ShouldBe(2);
        rows[0].ShouldBe(rows[1]);
    }

    [Fact]
    public async Task Save_and_enable_awards_who_meets_it_by_history()
    {
        await using var app = await RecognitionDesk.Open();
        await app.Calls("agent", 3);
        using var made = await Press(app.SignIn("admin"), $"{New}?kind=threshold", "enable",
            "In.Name=Counted at once&In.History=all&In.Range=all&In.Conditions[0].Metric=calls&In.Conditions[0].Target1=2");
        made.StatusCode.ShouldBe(HttpStatusCode.Found);
        await Until.IsTrue("history is counted", () => app.Read<long>(
            "SELECT count(*) FROM award w JOIN achievement a ON a.key = w.achievement WHERE a.id = 'counted-at-once'") == 1);
    }

    [Fact]
    public async Task Wrong_fields_are_told_beside_them_and_at_the_top_and_what_was_typed_stays()
    {
        await using var app = await RecognitionDesk.Open();
        using var refused = await Press(app.SignIn("admin"), $"{New}?kind=threshold", "save",
            "In.Name=&In.DescriptionLt=Liko&In.Conditions[0].Metric=calls&In.Conditions[0].Target1=5&In.Conditions[0].Target2=many"
            + "&In.Conditions[0].Sample=0");
        refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var page = await Parse(refused);
        page.QuerySelector("#f-Name-error")!.TextContent.ShouldContain("Type a name.");
        page.QuerySelector("#f-Name")!.HasAttribute("autofocus").ShouldBeTrue();
        page.QuerySelector("#f-Conditions-0--Target-error")!.TextContent.ShouldContain("“many” is not a number.");
        page.QuerySelector("#f-Conditions-0--Sample-error")!.TextContent.ShouldContain("At least 1.");
        page.QuerySelectorAll("#problems li a").Select(a => a.GetAttribute("href"))
            .ShouldBe(["#f-Name", "#f-Conditions-0--Target", "#f-Conditions-0--Sample", "#f-Description"]);
        page.QuerySelector("#f-DescriptionLt")!.TextContent.ShouldBe("Liko");
        page.QuerySelector<IHtmlInputElement>("#f-Conditions-0--Target2")!.Value.ShouldBe("many");
        app.Read<long>("SELECT count(*) FROM achievement").ShouldBe(3);
    }

    [Theory]
    [InlineData("threshold", "In.Conditions[0].Metric=calls", "#f-Conditions-0--Target", "Nurodykite bent vieną tikslą.")]
    [InlineData("threshold", "In.Conditions[0].Target1=5", "#f-Conditions-0--Metric", "Pasirinkite rodiklį.")]
    [InlineData("threshold", "In.Conditions[0].Metric=calls&In.Conditions[0].Target1=5&In.Conditions[0].Target2=4",
        "#f-Conditions-0--Target", "Kiekviena pakopa turi būti sunkesnė už ankstesnę.")]
    [InlineData("threshold", "In.Conditions[0].Metric=calls&In.Conditions[0].Target2=4",
        "#f-Conditions-0--Target", "Pildykite pakopas iš eilės, nuo pirmosios.")]
    [InlineData("threshold", "In.Conditions[0].Metric=calls&In.Conditions[0].Target1=12345678901234567890",
        "#f-Conditions-0--Target", "Tai per daug.")]
    [InlineData("threshold", "In.Range=all&In.Repeat=every-time&In.Conditions[0].Metric=calls&In.Conditions[0].Target1=5"
        + "&In.Conditions[0].Comparison=at-most", "#f-Repeat", "Kaskart galima tik su viena sąlyga")]
    [InlineData("streak", "In.Conditions[0].Metric=calls&In.Conditions[0].Target1=5&In.Level1=1", "#f-Level",
        "Sveikasis skaičius, ne mažesnis kaip 2.")]
    [InlineData("improvement", "In.Metric=calls", "#f-Level", "Nurodykite bent vieną pakopą.")]
    [InlineData("first-time", "", "#f-Activities", "Pasirinkite bent vieną veiklų rūšį.")]
    [InlineData("collection", "In.Set=caller", "#f-Set", "Pasirinkite bent du.")]
    [InlineData("lucky-draw", "In.Percent=5", "#f-OneIn", "Nurodykite vieną iš dviejų")]
    [InlineData("manual", "In.Name=Caller", "#f-Name", "Pasiekimas tokiu pavadinimu jau yra.")]
    [InlineData("first-time", "In.Activities=call&In.History=date", "#f-HistoryFrom", "Pasirinkite dieną.")]
    public async Task What_is_wrong_is_told_in_the_readers_language(string kind, string fields, string place, string says)
    {
        await using var app = await RecognitionDesk.Open();
        app.Database.Write((c, t) => c.Execute("UPDATE person SET lang = 'lt'", transaction: t));
        using var refused = await Press(app.SignIn("admin"), $"{New}?kind={kind}", "save",
            fields.Contains("In.Name", StringComparison.Ordinal) ? fields : $"In.Name=Naujas&{fields}");
        refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var page = await Parse(refused);
        page.QuerySelector($"{place}-error")!.TextContent.ShouldContain(says);
        page.QuerySelector("#problems li")!.TextContent.ShouldContain(says);
    }

    [Fact]
    public async Task Condition_is_added_and_removed_without_script()
    {
        await using var app = await RecognitionDesk.Open();
        var admin = app.SignIn("admin");
        using var added = await Press(admin, $"{New}?kind=threshold", "add",
            "In.Conditions[0].Metric=calls&In.Conditions[0].Target1=7");
        added.StatusCode.ShouldBe(HttpStatusCode.OK);
        var page = await Parse(added);
        page.QuerySelectorAll(".editor-condition").Length.ShouldBe(2);
        page.QuerySelector<IHtmlInputElement>("#f-Conditions-0--Target1")!.Value.ShouldBe("7");
        page.QuerySelector("#f-Conditions-0--seconds")!.HasAttribute("hidden").ShouldBeTrue();
        using var removed = await Post(admin, page, $"{New}?kind=threshold", "remove-0", "In.Conditions[1].Metric=talk");
        var left = await Parse(removed);
        left.QuerySelectorAll(".editor-condition").Length.ShouldBe(1);
        left.QuerySelector<IHtmlSelectElement>("#f-Conditions-0--Metric")!.Value.ShouldBe("talk");
        left.QuerySelector("#f-Conditions-0--seconds")!.HasAttribute("hidden").ShouldBeFalse();
    }

    [Fact]
    public async Task Look_says_the_sentence_and_saves_nothing()
    {
        await using var app = await RecognitionDesk.Open();
        using var seen = await Press(app.SignIn("admin"), $"{New}?kind=threshold", "look",
            "In.Conditions[0].Metric=calls&In.Conditions[0].Target1=7");
        (await Parse(seen)).QuerySelector("#said .rule")!.TextContent.Trim()
            .ShouldBe("“Calls answered” reaches 7 in one week. Every week anew.");
        app.Read<long>("SELECT count(*) FROM achievement").ShouldBe(3);
    }

    [Fact]
    public async Task Changed_conditions_are_a_version_from_the_next_workday_and_what_is_fixed_stays()
    {
        await using var app = await RecognitionDesk.Open();
        var admin = app.SignIn("admin");
        var form = await Page(admin, "/manage/achievements/caller/edit");
        form.QuerySelectorAll("[name='In.Range'], [name='In.Repeat']").ShouldBeEmpty();
        form.QuerySelectorAll(".editor-fields .chip").Select(c => c.TextContent.Trim())
            .ShouldBe(["Threshold · type is fixed", "Week", "Again every week"]);
        using var saved = await Press(admin, "/manage/achievements/caller/edit", "save",
            "In.Range=day&In.Type=manual&In.Conditions[0].Target1=4&In.Name=Calling");
        saved.StatusCode.ShouldBe(HttpStatusCode.Found, await saved.Content.ReadAsStringAsync());
        Rows(app, """
            SELECT v.number || ' ' || v.rule FROM achievement_version v JOIN achievement a ON a.key = v.achievement WHERE a.id = 'caller'
            ORDER BY v.number
            """).Count.ShouldBe(2);
        var page = await Page(admin, saved.Headers.Location!.ToString());
        page.QuerySelector(".rule")!.TextContent.Trim().ShouldBe("“Calls answered” reaches 4, 5 or 9 in one week. Every week anew.");
        page.QuerySelector(".note-good")!.TextContent.ShouldContain("The changed rule counts from the day below");
        app.Read<string>("SELECT change FROM audit WHERE action = 'achievement.changed'")
            .ShouldContain("calls at-least 4, 5, 9; range week; from");
    }

    [Fact]
    public async Task History_that_has_begun_cannot_be_shortened()
    {
        await using var app = await RecognitionDesk.Open();
        using var refused = await Press(app.SignIn("admin"), "/manage/achievements/caller/edit", "save",
            "In.History=date&In.HistoryFrom=2026-01-01");
        refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await Parse(refused)).QuerySelector("#f-History-error")!.TextContent.ShouldContain("history can be extended, not shortened");
    }

    [Fact]
    public async Task Badge_is_chosen_by_its_drawing_and_shown_on_light_and_on_dark()
    {
        await using var app = await RecognitionDesk.Open();
        using var seen = await Press(app.SignIn("admin"), $"{New}?kind=manual", "look", "In.Badge=night-owl");
        var page = await Parse(seen);
        page.QuerySelector("input[name='In.Badge'][value='night-owl']")!.HasAttribute("checked").ShouldBeTrue();
        page.QuerySelectorAll("#said .editor-theme").Select(t => t.GetAttribute("data-theme")).ShouldBe(["light", "dark"]);
        page.QuerySelectorAll("#said img").ShouldAllBe(i => i.GetAttribute("src")!.Contains("night-owl", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("threshold", "In.Conditions[0].Metric=calls&In.Conditions[0].Target1=4.5",
        "“Calls answered” is counted in whole numbers: 4.5 is the same as 5.")]
    [InlineData("best-of-period", "In.Metric=calls&In.Period=week&In.Minimum=-5",
        "“Calls answered” is never below 0: a limit of -5 is kept by everybody, or by nobody.")]
    [InlineData("threshold", "In.Conditions[0].Metric=calls&In.Conditions[0].Target1=4&In.History=date&In.HistoryFrom=2090-02-01",
        "Work counts from Wednesday, 1 February 2090 on: nobody earns it before.")]
    public async Task What_may_not_be_meant_is_told_and_can_be_saved(string kind, string fields, string told)
    {
        await using var app = await RecognitionDesk.Open();
        using var seen = await Press(app.SignIn("admin"), $"{New}?kind={kind}", "look", $"In.Name=Odd&{fields}");
        var page = await Parse(seen);
        page.QuerySelector("#said .note-close")!.TextContent.ShouldContain(told);
        page.QuerySelector("#problems").ShouldBeNull();
        using var made = await Press(app.SignIn("admin"), $"{New}?kind={kind}", "save", $"In.Name=Odd&{fields}");
        made.StatusCode.ShouldBe(HttpStatusCode.Found);
    }

    [Fact]
    public async Task Rule_that_rewards_short_times_alone_is_warned_of_and_a_quality_condition_offered()
    {
        await using var app = await RecognitionDesk.Open();
        const string Short = "In.Conditions[0].Metric=talk&In.Conditions[0].Comparison=at-most&In.Conditions[0].Target1=300";
        using var seen = await Press(app.SignIn("admin"), $"{New}?kind=threshold", "look", Short);
        var note = (await Parse(seen)).QuerySelector("#said .note-close")!;
        note.TextContent.ShouldContain("It rewards short times alone.");
        note.QuerySelector("button[name='In.Do'][value=add]").ShouldNotBeNull();
    }

    [Fact]
    public async Task Backtest_tells_who_would_have_earned_it_and_writes_nothing()
    {
        await using var app = await RecognitionDesk.Open();
        for (var week = 1; week <= 8; week++)
        {
            await app.Calls("agent", 4, 7 * week);
            await app.Calls("colleague", 1 + week % 3, 7 * week);
            await app.Calls("other", 2, 7 * week);
        }
        app.Settle();
        var before = app.Read<long>("SELECT count(*) FROM award");
        const string Rule = "In.Conditions[0].Metric=calls&In.Conditions[0].Target1=3&In.Conditions[0].Target2=4";
        using var seen = await Press(app.SignIn("admin"), $"{New}?kind=threshold", "test", Rule);
        var test = (await Parse(seen)).QuerySelector("#backtest")!;
        test.QuerySelectorAll(".test-people .who-name").Select(n => n.TextContent.Trim()).Count().ShouldBe(2);
        test.QuerySelector(".targets svg")!.GetAttribute("aria-label")!.ShouldContain("“Calls answered” of each person and week");
        test.QuerySelectorAll(".targets-name").Select(n => n.TextContent.Trim()).ShouldBe(["I · 3", "II · 4"]);
        test.QuerySelectorAll("button[value=suggest]").Length.ShouldBe(1);
        app.Read<long>("SELECT count(*) FROM award").ShouldBe(before);

        using var taken = await Press(app.SignIn("admin"), $"{New}?kind=threshold", "suggest", Rule);
        (await Parse(taken)).QuerySelector<IHtmlInputElement>("#f-Conditions-0--Target1")!.Value.ShouldNotBe("3");

        // A leader is told of the own teams.
        using var ofTeam = await Press(app.SignIn("leader"), $"{New}?kind=threshold", "test",
            "In.Conditions[0].Metric=calls&In.Conditions[0].Target1=2");
        (await Parse(ofTeam)).QuerySelector("#backtest")!.TextContent.ShouldNotContain("Amara Other");
    }

    [Fact]
    public async Task Collection_is_tried_with_the_badges_of_its_set_and_offers_none_in_test_to_who_may_not_see_it()
    {
        await using var app = await RecognitionDesk.Open();
        app.Declare("achievements: [ { id: trial, name: Trial, type: first-time, activities: [call], test: true } ]");
        await app.Calls("agent", 3, 14);
        await app.NightWatch("agent");
        await Until.IsTrue("both are earned", () => app.Read<long>("SELECT count(DISTINCT achievement) FROM award") >= 2);
        const string Address = $"{New}?kind=collection", Both = "In.Set=caller&In.Set=night-secret";
        using var seen = await Press(app.SignIn("admin"), Address, "test", Both);
        (await Parse(seen)).QuerySelectorAll("#backtest .test-people .who-name").Select(n => n.TextContent.Trim())
            .ShouldBe(["Greta Agent"]);
        (await Page(app.SignIn("admin"), Address)).QuerySelectorAll("input[name='In.Set']").Select(i => i.GetAttribute("value"))
            .ShouldContain("trial");
        var offered = await Page(app.SignIn("leader"), Address);
        offered.QuerySelectorAll("input[name='In.Set']").Select(i => i.GetAttribute("value"))
            .ShouldBe(["caller", "night-secret", "champion"]);
        // Nor is it said by what is typed past the form.
        using var forged = await Press(app.SignIn("leader"), Address, "save", "In.Name=Forged&In.Set=caller&In.Set=trial");
        (await Parse(forged)).QuerySelector("#f-Set-error")!.TextContent.ShouldContain("Choose at least two.");
    }

    [Fact]
    public async Task Backtest_stands_on_the_page_of_each_achievement()
    {
        await using var app = await RecognitionDesk.Open();
        await app.Calls("agent", 4, 14);
        var admin = app.SignIn("admin");
        (await Page(admin, "/manage/achievements/caller")).QuerySelector("#backtest a[data-swap=backtest]").ShouldNotBeNull();
        (await Page(admin, "/manage/achievements/caller?test=on")).QuerySelectorAll("#backtest .test-people tbody tr").Length.ShouldBe(1);
        (await Page(admin, "/manage/achievements/champion?test=on")).QuerySelectorAll("#backtest .test-people tbody tr").Length.ShouldBe(1);
    }

    [Fact]
    public async Task Backtest_of_what_is_not_counted_yet_says_so()
    {
        await using var app = await RecognitionDesk.Open();
        using var seen = await Press(app.SignIn("admin"), $"{New}?kind=streak", "test",
            "In.Conditions[0].Metric=calls&In.Conditions[0].Target1=2&In.Level1=3");
        (await Parse(seen)).QuerySelector("#backtest")!.TextContent.ShouldContain("What it reads is counted once it is saved.");
    }

    [Fact]
    public async Task Half_of_a_form_is_not_saved_and_breaks_nothing()
    {
        await using var app = await RecognitionDesk.Open();
        var admin = app.SignIn("admin");
        const string Address = $"{New}?kind=threshold", Typed = "In.Name=Half&In.Conditions[0].Metric=calls&In.Conditions[0].Target1=3";
        using var half = await Press(admin, Address, "save", $"{Typed}&In.Badge=");
        half.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await Parse(half)).QuerySelector("#problems")!.TextContent.ShouldContain("had not come whole");
        using var added = await Press(admin, Address, "add", $"{Typed}&In.Badge=");
        (await Parse(added)).QuerySelectorAll(".editor-condition").Length.ShouldBe(2);
        app.Read<long>("SELECT count(*) FROM achievement WHERE name LIKE '%Half%'").ShouldBe(0);
    }

    [Fact]
    public async Task Copy_is_a_new_one_of_the_same_rule()
    {
        await using var app = await RecognitionDesk.Open();
        var admin = app.SignIn("admin");
        using var made = await Press(admin, $"{New}?from=caller", "save", "In.Range=month&In.Repeat=month");
        made.Headers.Location!.OriginalString.ShouldEndWith("/manage/achievements/copy-of-caller?saved=new");
        (await Page(admin, "/manage/achievements/copy-of-caller")).QuerySelector(".rule")!.TextContent.Trim()
            .ShouldBe("“Calls answered” reaches 3, 5 or 9 in one month. Every month anew.");
    }

    [Fact]
    public async Task What_another_tab_saved_meanwhile_is_not_written_over_unseen()
    {
        await using var app = await RecognitionDesk.Open();
        const string Edit = "/manage/achievements/caller/edit";
        ReachOfDoorsTests.Reach(app, Permissions.AchievementsManage, DataReach.Company);
        var (admin, leader) = (app.SignIn("admin"), app.SignIn("leader"));
        var (mine, theirs) = (await Page(admin, Edit), await Page(leader, Edit));
        using (var first = await Post(leader, theirs, Edit, "save", "In.Name=Chatterbox&In.Conditions[0].Target1=4"))
            first.StatusCode.ShouldBe(HttpStatusCode.Found, await first.Content.ReadAsStringAsync());

        using var refused = await Post(admin, mine, Edit, "save", "In.Description=Mine");
        refused.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        var page = await Parse(refused);
        page.QuerySelector("#problems .note")!.TextContent
            .ShouldMatch(@"It was changed meanwhile by Ada Leader, today [0-9]{2}:[0-9]{2}\.");
        page.QuerySelectorAll("#problems tbody tr").Select(r => string.Join(" | ", r.Children.Select(c => c.TextContent.Trim()))).ShouldBe(
            [
                "Name in English | Chatterbox | Caller", "Description in English | Answered calls in one week. | Mine",
                "Condition 1 | Calls answered at least 4; 5; 9 · Counted at least 1 | Calls answered at least 3; 5; 9 · Counted at least 1",
            ]);
        page.QuerySelector("#problems a[data-leave]")!.GetAttribute("href").ShouldBe(Edit);
        Name(app).ShouldContain("Chatterbox");
        page.QuerySelector<IHtmlTextAreaElement>("#f-Description")!.Value.ShouldBe("Mine");

        // Saving all the same is a choice, and only over what was seen.
        var over = page.QuerySelector("#problems button")!.GetAttribute("value")!;
        using (var third = await Press(leader, Edit, "save", "In.Name=Third"))
            third.StatusCode.ShouldBe(HttpStatusCode.Found);
        using var still = await Post(admin, page, Edit, over, "");
        still.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        var seen = await Parse(still);
        using var saved = await Post(admin, seen, Edit, seen.QuerySelector("#problems button")!.GetAttribute("value")!, "");
        saved.StatusCode.ShouldBe(HttpStatusCode.Found);
        Name(app).ShouldContain("Caller");

        static string Name(LaurelApp app) => app.Read<string>("SELECT name FROM achievement WHERE id = 'caller'");
    }

    [Fact]
    public async Task Switching_on_meanwhile_hinders_no_form()
    {
        await using var app = await RecognitionDesk.Open();
        var admin = app.SignIn("admin");
        const string Edit = "/manage/achievements/caller/edit";
        var page = await Page(admin, Edit);
        app.Declare((await admin.GetStringAsync("/manage/achievements/caller/setup.yaml")).Replace(
            "enabled: true", "enabled: false", StringComparison.Ordinal));
        var form = await Page(admin, Edit);
        form.QuerySelector<IHtmlInputElement>("[name='In.Version']")!.Value.ShouldNotBeEmpty();
        using var saved = await Post(admin, page, Edit, "save", "In.Name=Caller");
        saved.StatusCode.ShouldBe(HttpStatusCode.Found, await saved.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("en", "1,100", "calls", "1100")]
    [InlineData("en", "1 100", "calls", "1100")]
    [InlineData("lt", "1\u00a0100", "calls", "1100")]
    [InlineData("lt", "12,5", "calls", "12.5")]
    [InlineData("en", "3:20", "talk", "200")]
    public async Task Target_is_read_as_the_reader_writes_numbers(string language, string typed, string metric, string target)
    {
        await using var app = await RecognitionDesk.Open();
        app.Database.Write((c, t) => c.Execute("UPDATE person SET lang = @language", new { language }, t));
        using var made = await Press(app.SignIn("admin"), $"{New}?kind=threshold", "save",
            $"In.Name=Numbers&In.Conditions[0].Metric={metric}&In.Conditions[0].Target1={typed}");
        made.StatusCode.ShouldBe(HttpStatusCode.Found, await made.Content.ReadAsStringAsync());
        var file = await app.SignIn("admin").GetStringAsync("/manage/achievements/numbers/setup.yaml");
        file.ShouldContain($"  at-least:\n  - {target}\n");
        // And comes back as the reader would type it.
        (await Page(app.SignIn("admin"), "/manage/achievements/numbers/edit"))
            .QuerySelector<IHtmlInputElement>("#f-Conditions-0--Target1")!.Value
            .ShouldBe(language == "lt" ? target.Replace('.', ',') : target);
    }

    [Theory]
    [InlineData("en", "3:20", "calls", "“3:20” is not a number.")]
    [InlineData("en", "1,1000", "calls", "“1,1000” is not a number.")]
    [InlineData("lt", "1.100", "calls", "„1.100“ galima suprasti dvejopai: rašykite 1\u00a0100 arba 1,100.")]
    public async Task Target_that_cannot_be_read_is_told_as_it_was_typed(string language, string typed, string metric, string says)
    {
        await using var app = await RecognitionDesk.Open();
        app.Database.Write((c, t) => c.Execute("UPDATE person SET lang = @language", new { language }, t));
        using var refused = await Press(app.SignIn("admin"), $"{New}?kind=threshold", "save",
            $"In.Name=Numbers&In.Conditions[0].Metric={metric}&In.Conditions[0].Target1={typed}");
        refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await Parse(refused)).QuerySelector("#f-Conditions-0--Target-error")!.TextContent.ShouldContain(says);
    }

    [Fact]
    public async Task Whole_number_that_is_none_is_told_as_it_was_typed()
    {
        await using var app = await RecognitionDesk.Open();
        app.Database.Write((c, t) => c.Execute("UPDATE person SET lang = 'lt'", transaction: t));
        using var refused = await Press(app.SignIn("admin"), $"{New}?kind=threshold", "save",
            "In.Name=Numbers&In.Conditions[0].Metric=calls&In.Conditions[0].Target1=3&In.Conditions[0].Sample=2,5");
        (await Parse(refused)).QuerySelector("#f-Conditions-0--Sample-error")!.TextContent.ShouldContain("„2,5“");
    }

    [Fact]
    public async Task Backtest_counts_who_can_earn_it_as_the_share_of_colleagues_does()
    {
        await using var app = await RecognitionDesk.Open();
        await app.Calls("agent", 4, 7);
        app.Settle();
        const string Rule = "In.Conditions[0].Metric=calls&In.Conditions[0].Target1=3";
        using var seen = await Press(app.SignIn("admin"), $"{New}?kind=threshold", "test", Rule);
        (await Parse(seen)).QuerySelector("#backtest")!.TextContent.ShouldContain("of the floor, 1 of 3");
        using var ofTeam = await Press(app.SignIn("admin"), $"{New}?kind=threshold", "test", $"{Rule}&In.Teams=care");
        (await Parse(ofTeam)).QuerySelector("#backtest")!.TextContent.ShouldContain("of the floor, 0 of 1");
    }

    [Fact]
    public async Task Name_that_another_has_in_lithuanian_is_refused_in_the_form_and_in_a_text()
    {
        await using var app = await RecognitionDesk.Open();
        var admin = app.SignIn("admin");
        using var refused = await Press(admin, $"{New}?kind=manual", "save", "In.Name=Other&In.NameLt=skambintojas");
        (await Parse(refused)).QuerySelector("#f-NameLt-error")!.TextContent.ShouldContain("There is an achievement of this name already.");
        using var scope = app.Services.CreateScope();
        var me = new CurrentPerson();
        me.Become(Actor.CommandLine);
        var (changes, problems) = scope.ServiceProvider.GetRequiredService<EditAchievement>().Take(
            "achievements: [ { id: other, type: manual, name: { en: Other, lt: Skambintojas } } ]", plan: true, me);
        changes.ShouldBeEmpty();
        problems.ShouldHaveSingleItem().Message.ShouldContain("'caller' is called 'Skambintojas' already");
    }

    [Fact]
    public async Task Look_tells_what_is_missing_by_field_and_nothing_of_what_was_put_right()
    {
        await using var app = await RecognitionDesk.Open();
        var admin = app.SignIn("admin");
        const string Address = $"{New}?kind=threshold", Rule = "In.Name=Rising&In.Conditions[0].Metric=calls&In.Conditions[0].Target1=5";
        using var seen = await Press(admin, Address, "say", Rule + "&In.Conditions[0].Target2=4");
        (await Parse(seen)).QuerySelectorAll("#said li").Select(l => l.TextContent.Trim())
            .ShouldBe(["Targets: Each level must be harder than the one before."]);
        using var refused = await Press(admin, Address, "save", Rule + "&In.Conditions[0].Target2=4");
        var page = await Parse(refused);
        page.QuerySelector("#problems li")!.TextContent.Trim().ShouldBe("Targets: Each level must be harder than the one before.");
        using var right = await Post(admin, page, Address, "look", "In.Conditions[0].Target2=6");
        var mended = await Parse(right);
        mended.QuerySelector("#problems").ShouldBeNull();
        mended.QuerySelector("#said li").ShouldBeNull();
        // The parts that the button takes over hold the box.
        mended.QuerySelector(".editor-foot button[value=look]")!.GetAttribute("data-part").ShouldBe("fields said");
    }

    private static List<string> Rows(LaurelApp app, string sql)
    {
        using var connection = app.Database.Read();
        return connection.Query<string>(sql).AsList();
    }

    /// <summary>Opens the page, types into its form and presses a button.</summary>
    internal static async Task<HttpResponseMessage> Press(HttpClient browser, string address, string button, string fields) =>
        await Post(browser, await Page(browser, address), address, button, fields);

    private static Task<HttpResponseMessage> Post(HttpClient browser, IHtmlDocument page, string address, string button, string fields)
    {
        var typed = fields.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(f => f.Split('=', 2)).ToLookup(f => f[0], f => f[1]);
        var form = page.QuerySelector("form.editor")!;
        var values = new List<KeyValuePair<string, string>>();
        foreach (var control in form.QuerySelectorAll("input[name], select[name], textarea[name]"))
        {
            var name = control.GetAttribute("name")!;
            if (typed.Contains(name)) continue;
            if (control is IHtmlInputElement { Type: "radio" or "checkbox", IsChecked: false }) continue;
            values.Add(new(name, control switch
            {
                IHtmlInputElement input => input.Value,
                IHtmlSelectElement select => select.Value ?? "",
                _ => control.TextContent,
            }));
        }
        values.AddRange(typed.SelectMany(t => t.Select(value => KeyValuePair.Create(t.Key, value))));
        values.Add(new("In.Do", button));
        return browser.PostAsync(address, new FormUrlEncodedContent(values));
    }

    private static async Task<IHtmlDocument> Page(HttpClient browser, string address) =>
        await new HtmlParser().ParseDocumentAsync(await browser.GetStringAsync(address));

    private static async Task<IHtmlDocument> Parse(HttpResponseMessage answer) =>
        await new HtmlParser().ParseDocumentAsync(await answer.Content.ReadAsStringAsync());
}
