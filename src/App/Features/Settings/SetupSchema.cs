using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Laurel.App.Features.Achievements;
using Laurel.App.Features.Achievements.Kinds;
using Laurel.App.Features.Badges;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.Engine.Metrics;
using Laurel.Engine.Presence;
using NodaTime;
using static Laurel.App.Features.Settings.SchemaOf;

namespace Laurel.App.Features.Settings;

/// <summary>
/// What a setup file may say, as a JSON Schema (draft 7): an editor that knows it completes keys and marks what is wrong while one
/// types. What names something else (a team, a metric) only <see cref="ApplySetup"/> can judge.
/// </summary>
public static class SetupSchema
{
    private static readonly JsonSerializerOptions Readable =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private const string Id = "^[a-z0-9._-]{1,100}$";
    private static readonly string[] Languages = ["en", "lt"];
    private static readonly string[] Units = Words<Unit>();
    private static readonly string[] Weekdays = [.. Words<IsoDayOfWeek>().Where(d => d != "none")];

    public static string Write() => File().ToJsonString(Readable);

    private static JsonObject File()
    {
        var whole = Map(
            ("site", Site()), ("sites", List(Site())), ("week-start", OneOf(Weekdays)), ("horizon", Date()),
            (SwitchAreas.Setting, Map([.. ProductAreas.All.Select(a => (a, OneOf(SwitchAreas.On, SwitchAreas.Off)))])),
            (RecognitionSettings.Colleagues, OneOf([.. RecognitionSettings.Words.Select(w => w.Word)])),
            ("negative-badges", OneOf(NegativeBadges.Private, NegativeBadges.Shown)),
            (RecognitionSettings.SmallestGroup, Whole(RecognitionSettings.LeastGroup, RecognitionSettings.MostGroup)),
            ("teams", List(Map(("id", Key()), ("name", Text()), ("site", Text())).Needs("id"))),
            ("groups", List(Map(("id", Key()), ("name", Text()), ("archived", Flag())).Needs("id"))),
            ("divisions", List(Map(("id", Key()), ("name", Text()), ("archived", Flag())).Needs("id"))),
            ("roles", List(OneRole())),
            ("people", List(Person())),
            ("projects", List(Map(("id", Text()), ("name", Text()), ("active", Flag())).Needs("id"))),
            ("identities", List(Identity())),
            ("presence", Presence()),
            ("activity-types", List(Type())),
            ("metrics", List(Metric())),
            ("achievements", List(Achievement())),
            ("paths", List(Path())));
        whole.Insert(0, "$schema", "http://json-schema.org/draft-07/schema#");
        whole.Insert(1, "title", "Laurel's setup file");
        return whole;
    }

    private static JsonObject Site() => Map(("id", Key()), ("name", Text()), ("zone", Text("An IANA time zone, such as Europe/Vilnius.")))
        .Needs("id", "zone");

    private static JsonObject Person() => Map(
        ("id", Text()), ("name", Text()), ("site", Text()), ("team", Text()), ("groups", OneOrMore()),
        ("division", Text()), ("from", Date()),
        ("role", Key()), ("email", Text()), ("invented", Flag())).Needs("id");

    private static JsonObject OneRole() => Map(
        ("id", Key()), ("name", Texts()), ("base", OneOf([.. Roles.All.Select(r => r.Id())])), ("archived", Flag()),
        ("grants", Map([.. Permissions.All.Where(p => !Permissions.OfKeysAlone.Contains(p)).Select(p => (p, Either(OneOf(
            [Reaches.Denied, "yes", .. Permissions.Reaching.Contains(p) ? Reaches.All.Select(r => r.Id()) : []]), Flag())))]))).Needs("id");

    private static JsonObject Identity() => Map(
            ("provider", Text()), ("external", Text()), ("person", Text()), ("team", Text()), ("project", Text()), ("ignored", Flag()))
        .Needs("provider", "external");

    private static JsonObject Presence()
    {
        string[] kinds = ["online", "pause", "offline"];
        return Map(
            ("statuses", Any(Either(OneOf(kinds), Map(("counts", OneOf(kinds)), ("online", Flag()), ("name", Texts())).Needs("counts")))),
            ("longest-hours", Whole(1, PresenceRules.MostHours)));
    }

    private static JsonObject Type() => Map(
        ("id", Key()), ("name", Texts()), ("person", OneOf("required", "optional")),
        ("measures", Any(Map(("name", Texts()), ("unit", OneOf(Units)), ("negative", Flag())))),
        ("labels", Either(OneOrMore(), Any(Either(Nothing(), Map(("name", Texts()), ("values", Any(Texts())))))))).Needs("id");

    private static JsonObject Metric() => Map(
        ("id", Key()), ("name", Texts()), ("description", Texts()), ("unit", OneOf(Units)), ("direction", OneOf("higher", "lower")),
        ("types", OneOrMore("The activity types that it counts.")), ("aggregate", OneOf(Words<Aggregate>())), ("measure", Text()),
        ("label", Text()), ("where", List(Filter())), ("numerator", Text()), ("denominator", Text()),
        ("external", Flag("Another system sends its values, one per person and day.")), ("archived", Flag())).Needs("id");

    private static JsonObject Filter() => Map(
        ("label", Text()), ("is", OneOrMore()), ("is-not", OneOrMore()), ("measure", Text()), ("at-least", Number()), ("at-most", Number()),
        ("above", Number()), ("below", Number()), ("weekday", OneOrMore(OneOf(Weekdays))), ("hours", Text("Such as 18:00-22:00.")));

    private static JsonObject Path() =>
        Map(("id", Key()), ("name", Texts()), ("description", Texts()), ("area", OneOf([.. ProductAreas.All])),
            ("steps", OneOrMore("Achievements, in order.")), ("archived", Flag("Not followed any more; its steps are off.")))
            .Needs("id", "steps");

    /// <summary>Each kind of rule has keys of its own.</summary>
    private static JsonObject Achievement() => new() { ["oneOf"] = new JsonArray([.. RuleKinds.All.Select(Kind)]) };

    private static JsonNode Kind(RuleKind kind)
    {
        var own = kind.Keys();
        return Map(
        [
            ("id", Key()), ("name", Texts()), ("description", Texts()), ("area", OneOf([.. ProductAreas.All])),
            ("badge", OneOf([.. BadgeFamilies.All.Select(f => f.Key)])), ("type", OneOf(kind.Type)),
            ("repeat", OneOf("once", "day", "week", "month", "every-time")),
            ("history", Text("all, enabling, or a date such as 2026-01-31.")),
            ("visibility", OneOf("shown", "hidden", "previous")), ("retention", OneOf("permanent", "holder", "period")),
            ("tone", OneOf("positive", "playful", "negative")), ("coins", OneOrMore(Whole(0), "One number per tier.")), ("test", Flag()),
            ("enabled", Flag()), ("archived", Flag()),
            ("audience", Map(("teams", OneOrMore()), ("groups", OneOrMore()), ("roles", OneOrMore()))),
            .. own.Select(k => (k.Key, k.Schema)),
        ]).Needs(["id", "type", .. own.Where(k => k.IsNeeded).Select(k => k.Key)]);
    }

    private static JsonObject Key() => new()
    {
        ["type"] = new JsonArray("string", "number"), ["pattern"] = Id,
        ["description"] = "Lower-case letters, digits, '.', '_' and '-', at most 100.",
    };

    /// <summary>One text, or one by language.</summary>
    private static JsonObject Texts() => Either(Text(), Map([.. Languages.Select(l => (l, Text()))]).Needs("en"));

    private static string[] Words<T>() where T : struct, Enum => [.. Enum.GetNames<T>().Select(n => n.ToLowerInvariant())];
}
