using System.Globalization;
using System.Text.RegularExpressions;
using Dapper;
using Laurel.App.Features.People;
using Laurel.App.Platform.Localisation;
using Laurel.Storage;
using Microsoft.Extensions.Localization;

namespace Laurel.App.Features.AuditLog;

/// <summary>
/// Says an entry of the log in the reader's language: what was changed by the name that it has now, where it is still there,
/// and values that are codes or ids in words.
/// </summary>
public sealed partial class AuditTelling(
    Database database, PeopleDirectory directory, PersonClock clock, IStringLocalizer<Ui> texts)
{
    private readonly Lazy<Dictionary<(string Area, string Written), string>> names = new(() => Names(database));

    // Of people there are many, and a page names a few.
    private readonly Lazy<Everybody> people = new(() =>
    {
        using var connection = database.Read();
        return directory.Current(connection);
    });

    public string Action(AuditEntry entry) => texts[AuditWords.Action(entry.Action)];

    /// <summary>Files write ids, pages the English name: either is found.</summary>
    public string Thing(AuditEntry entry) => entry.Action.Split('.')[0] switch
    {
        // Of an award the achievement comes first, with its level, and of a goal the metric; then the person.
        "award" => First("achievement", entry.Thing),
        "goal" => First("metric", entry.Thing),
        "recalculation" => string.Join(", ", entry.Thing.Split(", ").Select(one => Named("achievement", one))),
        var area => Named(area, entry.Thing),
    };

    private string First(string area, string thing)
    {
        // A name may hold the mark itself.
        for (var end = thing.Length; end > 0; end = thing.LastIndexOf(Between, end - 1, StringComparison.Ordinal))
        {
            var (head, rest) = (thing[..end], thing[end..]);
            if (names.Value.TryGetValue((area, head), out var name)) return name + rest;
            if (Level().Match(head) is { Success: true, Index: var level }
                && names.Value.TryGetValue((area, head[..level]), out name)) return name + head[level..] + rest;
        }
        return thing;
    }

    private const string Between = " · ";

    [GeneratedRegex(" I{1,3}$", RegexOptions.None, 1000)]
    private static partial Regex Level();

    public string Field(string field) => texts[AuditWords.Field(field)];

    public string Value(string field, string value)
    {
        if (AuditWords.Code(field, value) is { } code) return texts[code];
        if (field is "team") return Named("team", value);
        if (field is "leads") return string.Join(", ", value.Split(", ").Select(team => Named("team", team)));
        if (field is "groups") return string.Join(", ", value.Split(", ").Select(group => Named("group", group)));
        return DateOnly.TryParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? clock.Say(day, texts)
            : AuditWords.Value(value);
    }

    private string Named(string area, string written) => area == "person"
        ? people.Value.Find(written)?.Name ?? written
        : names.Value.GetValueOrDefault((area, written), written);

    private static Dictionary<(string, string), string> Names(Database database)
    {
        using var connection = database.Read();
        var found = new Dictionary<(string, string), string>();
        foreach (var (area, id, stored) in connection.Query<(string Area, string Id, string Name)>(
            """
            SELECT 'achievement', id, name FROM achievement UNION ALL SELECT 'activity-type', id, name FROM activity_type
            UNION ALL SELECT 'metric', id, name FROM metric WHERE hidden = 0 UNION ALL SELECT 'path', id, name FROM path
            """))
        {
            var name = LocalText.Parse(stored);
            found[(area, id)] = name.ToString();
            found.TryAdd((area, name.In(Language.English)), name.ToString());
        }
        foreach (var (area, id, name) in connection.Query<(string Area, string Id, string Name)>(
            "SELECT 'team', id, name FROM team UNION ALL SELECT 'group', id, name FROM people_group"))
            found[(area, id)] = name;
        return found;
    }
}
