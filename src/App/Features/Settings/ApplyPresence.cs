using System.Text.Json;
using Dapper;
using Laurel.App.Features.Activities;
using Laurel.App.Features.Presence;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.Engine.Activities;
using Laurel.Engine.Presence;
using Laurel.Storage;

namespace Laurel.App.Features.Settings;

/// <summary>The statuses of a setup file, and the activity types that come with them.</summary>
internal static class ApplyPresence
{
    private static readonly Dictionary<string, string> ChangeName = Both("Change of status", "Būsenos pakeitimas"),
        SegmentName = Both("Time in a status", "Laikas būsenoje"), Status = Both("Status", "Būsena");

    private static readonly Dictionary<string, IReadOnlyDictionary<string, string>> Measures = new(StringComparer.Ordinal)
    {
        [PresenceTypes.Seconds] = Both("Time", "Laikas"), [PresenceTypes.Online] = Both("Time online", "Laikas prisijungus"),
        [PresenceTypes.Pause] = Both("Time in pauses", "Pertraukų laikas"), [PresenceTypes.Pauses] = Both("Pauses", "Pertraukos"),
        [PresenceTypes.Forgotten] = Both("Time nobody logged off from", "Laikas pamiršus atsijungti"),
    };

    private static Dictionary<string, string> Both(string english, string lithuanian) =>
        new(StringComparer.Ordinal) { ["en"] = english, ["lt"] = lithuanian };

    public static void Run(Agreement agreement)
    {
        if (agreement.Setup.Presence is not { } setup) return;
        var (connection, transaction) = (agreement.Connection, agreement.Transaction);
        var before = CatalogueStore.Presence(connection, transaction);
        var names = Names(agreement);
        var statuses = new SortedDictionary<string, StatusRule>(StringComparer.Ordinal);
        foreach (var (id, rule) in before?.Statuses ?? new Dictionary<string, StatusRule>()) statuses[id] = rule;
        // What is known and means something else is counted anew.
        var isAnew = false;
        foreach (var status in setup.Statuses)
        {
            var known = statuses.GetValueOrDefault(status.Id);
            var name = names.GetValueOrDefault(status.Id);
            if (known is null)
                agreement.Add("status", status.Id, [new("counts", null, Word(status.Rule)),
                    .. status.Name is { } called ? [new Change("name", null, called.English)] : Array.Empty<Change>()]);
            else if (agreement.Differs("status", status.Id, new Change("counts", Word(known), Word(status.Rule)),
                new Change("name", Said(name), Said(status.Name?.ByLanguage ?? name))))
                isAnew |= known != status.Rule;
            statuses[status.Id] = status.Rule;
            if (status.Name is { } said) names[status.Id] = said.ByLanguage;
        }
        var longest = setup.LongestHours ?? before?.LongestHours ?? PresenceRules.MostHours;
        if (statuses.Count == 0)
        {
            if (!agreement.Problems.Any) agreement.Refuse(setup.Node, "'statuses' is missing: name at least one");
            return;
        }
        if (longest != (before?.LongestHours ?? PresenceRules.MostHours))
        {
            agreement.Differs("setting", "presence", new Change("longest-hours", Hours(before?.LongestHours), Hours(longest)));
            isAnew |= before is not null;
        }
        connection.Execute(
            "INSERT INTO setting (name, value) VALUES ('presence', @rules) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            new { rules = JsonSerializer.Serialize(new PresenceRules(statuses, longest), CatalogueStore.Json) }, transaction);
        var label = new LabelWords(Status, names.OrderBy(n => n.Key, StringComparer.Ordinal)
            .ToDictionary(n => n.Key, n => n.Value, StringComparer.Ordinal));
        var labels = new Dictionary<string, LabelWords>(StringComparer.Ordinal) { [PresenceTypes.Status] = label };
        Declare(agreement, PresenceTypes.OfChange, ChangeName, new(null, labels));
        Declare(agreement, PresenceTypes.OfSegment, SegmentName, new(Measures, labels));
        if (isAnew && connection.HasRows(transaction, "activity")) ClosePresence.EnqueueAll(connection, transaction, agreement.Now);
    }

    /// <summary>What the statuses are called, where somebody has said it.</summary>
    private static Dictionary<string, IReadOnlyDictionary<string, string>> Names(Agreement agreement) =>
        NamesOf(agreement.Connection.QueryFirstOrDefault<string?>(
            "SELECT words FROM activity_type WHERE id = @Change", new { PresenceTypes.Change }, agreement.Transaction));

    public static Dictionary<string, IReadOnlyDictionary<string, string>> NamesOf(string? words) => new(
        (words is null ? null : TypeWords.Read(words).Labels?.GetValueOrDefault(PresenceTypes.Status)?.Values)
            ?? new Dictionary<string, IReadOnlyDictionary<string, string>>(), StringComparer.Ordinal);

    private static void Declare(Agreement agreement, ActivityType type, Dictionary<string, string> name, TypeWords words) =>
        agreement.Connection.Execute(
            """
            INSERT INTO activity_type (id, name, definition, words) VALUES (@Id, @name, @definition, @words)
            ON CONFLICT (id) DO UPDATE SET name = excluded.name, definition = excluded.definition, words = excluded.words
            """, new
            {
                type.Id, name = JsonSerializer.Serialize(name, CatalogueStore.Json),
                definition = JsonSerializer.Serialize(type, CatalogueStore.Json), words = words.Write(),
            }, agreement.Transaction);

    private static string Word(StatusRule rule) => rule is { Kind: StatusKind.Pause, CountsOnline: true }
        ? "pause, online"
        : SetupWriter.Word(rule.Kind);

    private static string? Said(IReadOnlyDictionary<string, string>? texts) =>
        texts is null ? null : SetupWriter.Line(JsonSerializer.Serialize(texts, CatalogueStore.Json));

    private static string Hours(int? hours) =>
        (hours ?? PresenceRules.MostHours).ToString(System.Globalization.CultureInfo.InvariantCulture);
}
