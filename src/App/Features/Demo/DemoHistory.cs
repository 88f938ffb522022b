using Laurel.App.Features.Imports;
using Laurel.App.Features.Settings;
using Laurel.App.Platform.Yaml;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;

namespace Laurel.App.Features.Demo;

/// <summary>A sample's activities, moved so that a day near its end is today: what has happened by now, and the rest.</summary>
/// <param name="Files">What was read.</param>
public sealed record DemoHistory(
    Setup Setup, IReadOnlyList<IncomingActivity> Past, IReadOnlyList<IncomingActivity> Rest, string Source, FileRead Mapping,
    IReadOnlyList<FileRead> Files)
{
    /// <summary>Days at the sample's end that are kept for going on live.</summary>
    private const int DaysToCome = 4;

    /// <summary>Reads a folder with setup.yaml, mapping.yaml and data files.</summary>
    /// <exception cref="InvalidDataException">The samples are not what they should be; the message says which line.</exception>
    /// <param name="withPresence">Also the statuses that its calls tell.</param>
    public static DemoHistory Read(string folder, long now, bool withPresence = false)
    {
        var setup = ReadSetup(folder);
        var (mapping, wrong, _) = MappingFile.Load(Path.Combine(folder, "mapping.yaml"));
        if (mapping is null) throw new InvalidDataException(string.Join('\n', wrong));
        var files = Directory.GetFiles(folder, "*.gz").Order(StringComparer.Ordinal).ToList();
        var activities = new ImportReader(mapping, files).Read().OfType<ReadActivity>().Select(r => r.Activity).ToList();
        if (withPresence) activities.AddRange(DemoPresence.Of(activities).ToList());
        var clock = SiteClock.Find(setup.Site!.Zone)!;
        var shift = DaysToToday(clock, activities, now);
        var moved = activities.ConvertAll(a => a with { At = Moved(clock, a.At, shift) });
        return new(setup, [.. moved.Where(a => a.At <= now)], [.. moved.Where(a => a.At > now).OrderBy(a => a.At)], mapping.Source,
            FileRead.Of(Path.Combine(folder, "mapping.yaml")), [.. files.Select(FileRead.Of)]);
    }

    /// <exception cref="InvalidDataException">The file has problems; the message says where.</exception>
    public static Setup ReadSetup(string folder)
    {
        var problems = new YamlProblems(Path.Combine(folder, "setup.yaml"));
        var setup = new SetupReader(problems).Read(File.ReadAllText(Path.Combine(folder, "setup.yaml")));
        return setup is not null && !problems.Any ? setup : throw new InvalidDataException(string.Join('\n', problems.InOrder()));
    }

    /// <summary>Whole days, so that a busy hour stays one; to the same day of the week, for weeks have a shape of their own.</summary>
    private static int DaysToToday(SiteClock clock, List<IncomingActivity> activities, long now)
    {
        var today = clock.WorkdayOf(now);
        var cut = clock.WorkdayOf(activities.Max(a => a.At)).Plus(-DaysToCome);
        while (cut.DayOfWeek != today.DayOfWeek) cut = cut.Plus(-1);
        return today.Number - cut.Number;
    }

    /// <summary>The same local time some days later.</summary>
    private static long Moved(SiteClock clock, long at, int days)
    {
        var local = NodaTime.Instant.FromUnixTimeMilliseconds(at).InZone(clock.Zone).LocalDateTime.PlusDays(days);
        return clock.Zone.AtLeniently(local).ToInstant().ToUnixTimeMilliseconds();
    }
}
