using Laurel.App.Platform.Access;
using Laurel.App.Tests.Platform.Hosting;

namespace Laurel.App.Tests.Features.Settings;

/// <summary>All that is wrong in a setup file is told at once, each thing once, and nothing that only follows from another.</summary>
public sealed class SetupProblemsTests
{
    private static readonly DateTimeOffset Wednesday = new(2026, 11, 18, 14, 0, 0, TimeSpan.Zero);

    /// <summary>Ten things wrong, in every part of the file.</summary>
    [Fact]
    public Task Everything_wrong_is_told_at_once() => Problems("""
        site: { id: vilnius, name: Vilnius, zone: Europe/Vilnus }
        teams: [ { id: care, colour: red } ]
        people:
          - { id: greta, team: cares, email: greta }
          - { id: jonas, role: chief }
        activity-types:
          - { id: case, measures: { talk: { unit: secnds } }, labels: [channel] }
        metrics:
          - { id: cases, types: [case, chat] }
          - { id: talk-mean, types: [case], aggregate: average, measure: tolk }
          - { id: quick, types: [case], where: [ { label: chanel, is: web }, { measure: wait, at-most: 20 } ] }
        achievements:
          - { id: ace, type: threshold, metric: caes, at-least: [5, 4], badge: nothing }
          - { id: both, type: threshold, conditions: [ { metric: cases, at-least: 1 }, { metric: nothing, at-least: 2 } ] }
          - { id: champion, type: best-of-period, metric: nobody, period: yeer, minimum: many }
          - { id: first, type: first-time, activities: [case, chta] }
        """,
        "1:43: 'Europe/Vilnus' is not a time zone (did you mean 'Europe/Vilnius'?)",
        "2:22: unknown key 'colour' (known here: id, name, site)",
        "4:24: there is no team 'cares' (did you mean 'care'?)",
        "4:38: 'greta' is not an e-mail address",
        "5:24: there is no role 'chief': there are agent, leader, admin",
        "7:43: 'unit' must be number, seconds, percent, currency, points, not 'secnds'",
        "9:32: there is no activity type 'chat'",
        "10:66: type 'case' declares no measure 'tolk' (did you mean 'talk'?)",
        "11:42: none of the types declares a label 'chanel' (did you mean 'channel'?)",
        "11:70: none of the types declares a measure 'wait'",
        "13:41: there is no metric 'caes' (did you mean 'cases'?)",
        "13:57: targets must get harder from tier to tier",
        "13:72: there is no badge 'nothing'",
        "14:90: there is no metric 'nothing'",
        "15:51: there is no metric 'nobody'",
        "15:67: 'period' must be yesterday, last-7-days, week, month, not 'yeer'",
        "15:82: 'minimum' must be a number, not 'many'",
        "16:55: there is no activity type 'chta'");

    [Fact]
    public Task What_a_kind_of_metric_needs_and_what_it_has_no_use_for_is_told() => Problems("""
        site: { id: vilnius, name: Vilnius, zone: Europe/Vilnius }
        activity-types: [ { id: case, measures: { talk: {} }, labels: [channel] } ]
        metrics:
          - { id: a, types: [case], aggregate: distinct }
          - { id: b, types: [case], aggregate: distinct, label: chanel, measure: talk }
          - { id: c, types: [case], aggregate: ratio, numerator: cases }
          - { id: d, aggregate: ratio, numerator: mean, denominator: cses }
          - { id: e, types: [case], label: channel, denominator: cases }
          - { id: f, types: [case], where: [ { weekday: [saterday] }, { hours: 18-22 }, { hours: 24:00-06:00 },
              { weekday: sunday, hours: 1:00-2:00 } ] }
          - { id: g, types: [case], aggregate: minimum }
          - { id: h, aggregate: ratio, numerator: d, denominator: cases }
          - { id: mean, types: [case], aggregate: average, measure: talk }
          - { id: cases, types: [case] }
        achievements:
          - { id: often, type: threshold, metric: low, at-most: 3, repeat: every-time }
          - { id: rare, type: threshold, metric: a, at-least: 3 }
        """,
        "4:5: 'label' is missing: whose different texts are to be counted?",
        "5:57: type 'case' declares no label 'chanel' (did you mean 'channel'?)",
        "5:74: a count of different texts has no 'measure'",
        "6:5: 'denominator' is missing: a ratio is of two metrics",
        "6:21: a ratio has no 'types'",
        "7:43: a ratio is of metrics that count or add up; 'mean' is the aggregate average",
        "8:36: a count has no 'label'",
        "8:58: a count has no 'denominator'",
        "9:50: 'saterday' is not a day of the week (did you mean 'saturday'?)",
        "9:72: '18-22' is no stretch of a day: write one such as 18:00-22:00, or 22:00-06:00 past midnight",
        "9:90: '24:00-06:00' is no stretch of a day: write one such as 18:00-22:00, or 22:00-06:00 past midnight",
        "10:7: a filter has one of 'label', 'measure', 'weekday' and 'hours'",
        "11:5: 'measure' is missing: what is to be added up?",
        "16:43: there is no metric 'low'");

    [Fact]
    public Task What_records_improvements_and_streaks_need_is_told() => Problems("""
        site: { id: vilnius, name: Vilnius, zone: Europe/Vilnius }
        activity-types: [ { id: case } ]
        metrics: [ { id: cases, types: [case] } ]
        achievements:
          - { id: a, type: personal-record, metric: cases, after: 0 }
          - { id: b, type: personal-record, metric: cases, range: year, repeat: day }
          - { id: c, type: personal-record, metric: cases, range: month, repeat: week, length: 3 }
          - { id: d, type: improvement, metric: cases, range: day }
          - { id: e, type: improvement, metric: cases, range: day, percent: [10, 5] }
          - { id: f, type: improvement, metric: cases, range: day, best: lowest, percent: 120 }
          - { id: g, type: streak, metric: cases, at-least: 1, range: month }
          - { id: h, type: streak, metric: cases, at-least: [1, 2], length: [1, 2] }
          - { id: i, type: streak, length: 3, repeat: day }
          - { id: j, type: streak, metric: caes, at-least: 1, length: 3 }
          - { id: k, type: streak, metric: cases, at-least: 1, length: 0 }
          - { id: l, type: streak, metric: cases, at-least: 1, length: [2, 1001] }
        """,
        "5:5: 'range' is missing: day, week or month",
        "5:59: 'after' is at least 1: the first of all is no record",
        "6:59: 'range' must be day, week, month, not 'year'",
        "6:73: 'repeat' here is week or month or once",
        "7:74: 'repeat' here is month or once",
        "7:80: unknown key 'length' (known here: id, name, description, area, badge, type, repeat, history, visibility, "
            + "retention, tone, coins, test, enabled, archived, audience, metric, "
            + "range, best, after, minimum, sample)",
        "8:5: 'percent' is missing: by how much, one per tier, such as [5, 10, 20]",
        "9:69: percentages must rise from tier to tier",
        "10:83: a percentage is above 0, and to fall by more than 100 is impossible",
        "11:5: 'length' is missing: how many in a row, one per tier, such as [5, 10, 20]",
        "11:63: 'range' must be day, week, not 'month'",
        "12:5: a condition of a streak has one target: tiers differ by 'length'",
        "12:69: a length is a whole number of at least 2",
        "13:5: a streak has either 'metric' or 'conditions'",
        "14:36: there is no metric 'caes' (did you mean 'cases'?)",
        "15:64: a length is a whole number of at least 2",
        "16:64: a length is at most 1000");

    [Theory]
    // The section's own name is misspelt: what stands in it is meant to be there.
    [InlineData("metrcs: [ { id: cases, types: [case] } ]\n" + Ace, "3:1: unknown key 'metrcs' (did you mean 'metrics'?)")]
    [InlineData("metrics: { id: cases }\n" + Ace, "3:10: 'metrics' must be a list, not keys with values")]
    // An entry that cannot be read has the name that others call it by.
    [InlineData("metrics: [ { id: Cases, types: [case] } ]\nachievements: [ { id: ace, type: threshold, metric: Cases, at-least: 1 } ]",
        "3:18: 'Cases' is not an id: lower-case letters, digits, '.', '_' and '-', at most 100")]
    [InlineData("metrics: [ { idd: cases, types: [case] } ]\n" + Ace, "3:14: unknown key 'idd' (did you mean 'id'?)")]
    [InlineData("metrics: [ { types: [case] } ]\n" + Ace, "3:12: 'id' is missing")]
    [InlineData("metrics: [ cases ]\n" + Ace, "3:12: an entry of 'metrics' must be keys with values, not a text")]
    // What follows from a type that is not there, or not read.
    [InlineData("metrics: [ { id: cases, types: [cse] } ]\n" + Ace, "3:33: there is no activity type 'cse' (did you mean 'case'?)")]
    [InlineData("metrics: [ { id: cases, typs: [case] } ]\n" + Ace, "3:25: unknown key 'typs' (did you mean 'types'?)")]
    [InlineData("metrics: [ { id: cases, types: [case], aggregate: summ, measure: talk } ]\n" + Ace,
        "3:51: 'aggregate' must be count, sum, average, maximum, minimum, distinct, ratio, not 'summ'")]
    [InlineData("metrics: [ { id: cases, types: [case], aggregate: sum, measur: talk } ]\n" + Ace,
        "3:56: unknown key 'measur' (did you mean 'measure'?)")]
    [InlineData("metrics: [ { id: cases, types: [case], where: [ { lable: x, is: y } ] } ]\n" + Ace,
        "3:51: unknown key 'lable' (did you mean 'label'?)")]
    [InlineData("achievements: [ { id: ace, type: threshold, metrc: cases, at-least: 1 } ]",
        "3:45: unknown key 'metrc' (did you mean 'metric'?)")]
    [InlineData("metrics: [ { id: cases, types: [case] } ]\nachievements: [ { id: ace, type: threshold, metric: cases, atleast: 1 } ]",
        "4:60: unknown key 'atleast' (did you mean 'at-least'?)")]
    [InlineData(
        "metrics: [ { id: cases, types: [case] } ]\nachievements: [ { id: ace, type: treshold, metric: cases, at-least: 1, range: day } ]",
        "4:34: 'type' must be threshold, best-of-period, personal-record, improvement, streak, first-time, first-in-project, "
            + "lucky-draw, manual, collection, personal-goal, not 'treshold' (did you mean 'threshold'?)")]
    [InlineData("metrics: [ { id: cases, types: [case] } ]\nachievements: [ { id: ace, tipe: threshold, metric: cases, at-least: 1 } ]",
        "4:28: unknown key 'tipe' (did you mean 'type'?)")]
    [InlineData(
        "metrics: [ { id: cases, types: [case] } ]\n"
        + "achievements: [ { id: ace, type: threshold, conditions: [ { metric: cases, at-least: [1, x, 3] }, "
        + "{ metric: cases, at-least: [1, 2, 3] } ] } ]", "4:90: 'x' is not a number")]
    [InlineData("achievements: [ { id: ace, type: first-time, activites: [case] } ]",
        "3:46: unknown key 'activites' (did you mean 'activities'?)")]
    [InlineData(
        "achievements: [ { id: ace, type: best-of-period, metric: cases, priod: week } ]\nmetrics: [ { id: cases, types: [case] } ]",
        "3:65: unknown key 'priod' (did you mean 'period'?)")]
    public Task Nothing_is_told_that_only_follows(string text, string problem) => Problems(Start + text, problem);

    [Theory]
    [InlineData("site: { id: vilnius, zone: Nowhere }\nteams: [ { id: care } ]\npeople: [ { id: greta, team: cares } ]",
        "1:28: 'Nowhere' is not a time zone; one is named after a large city that has its time, such as "
            + "Europe/Vilnius, Europe/Warsaw or Asia/Jerusalem", "3:30: there is no team 'cares' (did you mean 'care'?)")]
    [InlineData("sit: { id: vilnius, zone: Europe/Vilnius }\nteams: [ { id: care } ]", "1:1: unknown key 'sit' (did you mean 'site'?)")]
    [InlineData("site: { id: vilnius, zon: Europe/Vilnius }\nteams: [ { id: care } ]", "1:22: unknown key 'zon' (did you mean 'zone'?)")]
    [InlineData("teams: [ { id: care } ]", "1:1: no site yet: write 'site' with its time zone first")]
    [InlineData("teams: [ { id: care } ]\npeople: [ { id: greta, team: cares } ]",
        "1:1: no site yet: write 'site' with its time zone first", "2:30: there is no team 'cares' (did you mean 'care'?)")]
    public Task Site_that_is_not_there_is_one_problem_beside_others(string text, params string[] problems) => Problems(text, problems);

    [Theory]
    [InlineData("teams: [ { id: care, name: { en: Care, lt: Priežiūra } } ]",
        "3:28: a team has one name in every language: write name: Care")]
    [InlineData("people: [ { id: greta, name: { en: Greta, lt: Greta } } ]",
        "3:30: a person has one name in every language: write name: Greta")]
    [InlineData("metrics: [ { id: cases, types: [case], name: { lt: Pokalbiai } } ]", "3:46: the English text (en) is missing")]
    public Task Name_by_language_is_taken_where_there_is_one_per_language(string text, string problem) => Problems(Start + text, problem);

    /// <summary>Texts over which the reader of YAML itself stumbles.</summary>
    [Theory]
    [InlineData("teams:\n  - { id: a\nfoo: 1\n",
        "2:3: what follows cannot be read: look for a wrong indent, or a bracket or brace left open")]
    [InlineData("site: { id: x, name: [", "2:1: While parsing a node, did not find expected node content.")]
    public Task Text_that_is_no_yaml_is_a_problem_with_its_place(string text, string problem) => Problems(text, problem);

    [Fact]
    public async Task Last_administrator_who_can_sign_in_keeps_the_role()
    {
        await using var core = await CoreFixture.Start(Wednesday);
        core.Apply(Start + "people: [ { id: rasa, role: admin }, { id: petras } ]");
        const string Taken = "people: [ { id: petras, role: admin }, { id: rasa, role: agent } ]";
        core.Database.Write((c, t) => AccountStore.SetPassword(c, t, 1, "hash", mustChange: false));
        core.ProblemsOf(Taken).ShouldBe(["1:40: 'rasa' would not be an administrator any more, and nobody would be left who can sign in "
            + "as one; keep role: admin, or give somebody else the role and a password first"]);
        core.Database.Write((c, t) => AccountStore.SetPassword(c, t, 2, "hash", mustChange: false));
        // A file that says nothing of the role takes nothing away.
        core.Apply("people: [ { id: rasa } ]").ShouldBeEmpty();
        core.Apply(Taken).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Names_of_types_metrics_and_achievements_may_be_by_language()
    {
        await using var core = await CoreFixture.Start(Wednesday);
        core.Apply("""
            site: { id: vilnius, name: Vilnius, zone: Europe/Vilnius }
            activity-types: [ { id: case, name: { en: Case, lt: Užklausa } } ]
            metrics: [ { id: cases, name: { en: Cases, lt: Užklausos }, types: [case] } ]
            achievements: [ { id: thanks, type: manual, name: { en: Thanks, lt: Ačiū }, description: { en: Given, lt: Duota } } ]
            """).Count.ShouldBe(4);
    }

    private const string Start =
        "site: { id: vilnius, name: Vilnius, zone: Europe/Vilnius }\nactivity-types: [ { id: case, measures: { talk: {} } } ]\n";
    private const string Ace = "achievements: [ { id: ace, type: threshold, metric: cases, at-least: 1 } ]";

    private static async Task Problems(string setup, params string[] problems)
    {
        await using var core = await CoreFixture.Start(Wednesday);
        core.ProblemsOf(setup).ShouldBe(problems);
    }
}
