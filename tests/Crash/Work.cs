using System.Globalization;
using System.Text.Json.Nodes;

namespace Laurel.Crash;

/// <summary>What one version of an activity says. Made from its name alone, so that whoever sends it again sends the same.</summary>
internal sealed record Work(string Source, string Id, int Version, bool IsVoid, string Type, string? Person, long At, int Talk, string Kind)
{
    public const string Desk = "desk", Files = "files";
    public const int People = 6;
    private static readonly string[] Kinds = ["regular", "new", "internet"];

    /// <summary>Each this many activities name somebody who is not known yet.</summary>
    private const int Newcomers = 9, PerNewcomer = 300;

    /// <summary>Who activities of this time of the run call by a name that nobody has yet.</summary>
    public static string Newcomer(int number) => string.Create(CultureInfo.InvariantCulture, $"newcomer-{number / PerNewcomer}");

    /// <param name="anchor">UTC milliseconds of the run's beginning; work happened before.</param>
    public static Work Of(int seed, long anchor, int number, int version)
    {
        var random = Chance(seed, number, 0);
        var person = number % Newcomers == 0 ? Newcomer(number) : $"p{random.Next(People)}";
        // Mostly of today, some of it late by up to two weeks, beyond every grace.
        var at = anchor - random.Next(random.Next(5) == 0 ? 14 * 86_400 : 6 * 3_600) * 1_000L;
        var type = random.Next(12) == 0 ? "lost" : random.Next(3) == 0 ? "chat" : "case";
        random = Chance(seed, number, version);
        if (version > 0 && type != "lost" && random.Next(6) == 0) person = $"p{random.Next(People)}";
        return new(Desk, $"a{number}", version, version > 0 && random.Next(4) == 0, type, type == "lost" ? null : person, at,
            type == "case" ? random.Next(1, 900) : 0, type == "lost" ? "" : Kinds[random.Next(Kinds.Length)]);
    }

    public static Work InFile(int seed, long anchor, int file, int row)
    {
        var random = Chance(seed, file, -1 - row);
        return new(Files, $"f{file}-{row}", 0, false, "case", $"p{random.Next(People)}", anchor - random.Next(10 * 86_400) * 1_000L,
            random.Next(1, 900), Kinds[random.Next(Kinds.Length)]);
    }

    private static Random Chance(int seed, int number, int version) =>
        new(unchecked((((((seed * 31) + number) * 31) + version) * 97) + number));

    public JsonObject ToEvent()
    {
        var data = new JsonObject();
        if (Type == "lost") data["team"] = "care";
        else data["person"] = Person;
        if (Type == "case") data["measures"] = new JsonObject { ["talk"] = Talk };
        if (Type != "lost") data["labels"] = new JsonObject { ["kind"] = Kind };
        var told = new JsonObject { ["specversion"] = "1.0", ["source"] = Source, ["type"] = Type, ["time"] = Time };
        if (Version == 0) told["id"] = Id;
        else (told["id"], told["subject"], told["version"]) = ($"delivery-{Id}-{Version}", Id, Version);
        if (IsVoid) told["void"] = true;
        told["data"] = data;
        return told;
    }

    public string ToRow() => $"{Id},{Person},{Time},{Talk},{Kind}";

    public DateTimeOffset Instant => DateTimeOffset.FromUnixTimeMilliseconds(At);

    private string Time => Instant.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
