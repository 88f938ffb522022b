using Laurel.App.Platform.Yaml;
using Laurel.Engine.Presence;
using YamlDotNet.RepresentationModel;

namespace Laurel.App.Features.Settings;

/// <param name="Name">Null where the file does not say how it is called.</param>
public sealed record StatusSetup(string Id, StatusRule Rule, Texts? Name);

/// <summary>The statuses that people may be in.</summary>
/// <param name="LongestHours">Null where the file does not say.</param>
public sealed record PresenceSetup(YamlNode Node, IReadOnlyList<StatusSetup> Statuses, int? LongestHours);

/// <summary>Reads what a setup file says about presence.</summary>
internal sealed class PresenceReader(YamlProblems problems)
{
    private static readonly (string, StatusKind)[] Kinds =
        [("online", StatusKind.Online), ("pause", StatusKind.Pause), ("offline", StatusKind.Offline)];

    private const int LongestStatus = 100;

    public PresenceSetup Read(YamlMap map)
    {
        map.Only("statuses", "longest-hours");
        var longest = map.Whole("longest-hours");
        if (longest is < 1 or > PresenceRules.MostHours)
        {
            problems.Add(map["longest-hours"]!, $"'longest-hours' must be 1 to {PresenceRules.MostHours}");
            longest = null;
        }
        if (map.Lacks("statuses") && map.Lacks("longest-hours")) problems.Add(map.Node, "'statuses' is missing: name at least one");
        var statuses = new List<StatusSetup>();
        foreach (var (key, id, node) in map.Map("statuses")?.Entries ?? [])
            if (id.Length is 0 or > LongestStatus) problems.Add(key, $"a status has 1 to {LongestStatus} characters");
            else if (Status(id, node) is { } status) statuses.Add(status);
        return new(map.Node, statuses, longest);
    }

    /// <summary>What it counts as, alone or with more to say.</summary>
    private StatusSetup? Status(string id, YamlNode node)
    {
        if (node is YamlScalarNode { Value: var word })
        {
            foreach (var (known, kind) in Kinds)
                if (string.Equals(known, word, StringComparison.Ordinal)) return new(id, new(kind, kind == StatusKind.Online), null);
            problems.Add(node, $"status '{id}' counts as online, pause or offline, not '{word}'");
            return null;
        }
        if (problems.Map(node, $"status '{id}'")?.Only("counts", "online", "name") is not { } map) return null;
        if (map.Lacks("counts")) problems.Add(map.Node, "'counts' is missing: online, pause or offline");
        var counts = map.OneOf("counts", Kinds);
        if (map.Has("online") && counts is StatusKind.Online or StatusKind.Offline)
            problems.Add(map["online"]!, "'online' says of a pause whether it is time online, too");
        var online = map.Flag("online", false) || counts == StatusKind.Online;
        var name = map.Has("name") ? SetupReader.Texts(map, "name", id) : null;
        return counts is { } kindOf ? new(id, new(kindOf, online), name) : null;
    }
}
