using Laurel.App.Platform.Yaml;
using Laurel.Engine.Importing;
using NodaTime.Text;

namespace Laurel.App.Features.Imports;

/// <summary>The <c>times</c> part of a mapping.</summary>
internal static class MappingTimes
{
    public static TimeRule? Read(YamlMap map, string name, Func<string, int> column, int? notBefore)
    {
        map.Only("column", "format", "date", "date-format", "time", "time-format", "not-before");
        if (map.Has("column") == map.Has("date"))
        {
            map.Problems.Add(map.Node, $"time '{name}' needs either 'column' (date and time in one) or 'date'");
            return null;
        }
        return map.Has("date") ? DateAndTime(map, name, column, notBefore) : OneColumn(map, name, column, notBefore);
    }

    private static TimeRule? OneColumn(YamlMap map, string name, Func<string, int> column, int? notBefore)
    {
        foreach (var key in (string[])["time", "date-format", "time-format"])
            if (map[key] is { } node) map.Problems.Add(node, $"'{key}' goes with 'date'; a time in one column has 'format'");
        if (map.Text("column") is not { } source || map.NeededText("format") is not { } format) return null;
        var place = column(source);
        var isInstant = format is "iso" or "unix" or "unix-ms" || format.Contains("o<", StringComparison.Ordinal);
        if (isInstant && map["not-before"] is { } tied) map.Problems.Add(tied, "'not-before' is for times without offset");
        return format switch
        {
            "unix" => new UnixTimeRule(name, place, Milliseconds: false),
            "unix-ms" => new UnixTimeRule(name, place, Milliseconds: true),
            "iso" => new OffsetTimeRule(name, place, OffsetDateTimePattern.ExtendedIso),
            _ when isInstant => Pattern(map, "format", format, OffsetDateTimePattern.CreateWithInvariantCulture) is { } p
                ? new OffsetTimeRule(name, place, p) : null,
            _ => Pattern(map, "format", format, LocalDateTimePattern.CreateWithInvariantCulture) is { } p
                ? new LocalTimeRule(name, notBefore, place, p) : null,
        };
    }

    private static DateAndTimeRule? DateAndTime(YamlMap map, string name, Func<string, int> column, int? notBefore)
    {
        if (map["format"] is { } node)
            map.Problems.Add(node, "'format' goes with 'column'; a date has 'date-format', its time 'time-format'");
        if (map.Text("date") is not { } date) return null;
        var dates = Pattern(map, "date-format", map.Text("date-format") ?? "yyyy-MM-dd", LocalDatePattern.CreateWithInvariantCulture);
        if (map.Text("time") is not { } time) return dates is null ? null : new(name, notBefore, column(date), dates, null, null);
        var times = Pattern(map, "time-format", map.Text("time-format") ?? "HH:mm:ss", LocalTimePattern.CreateWithInvariantCulture);
        return dates is null || times is null ? null : new(name, notBefore, column(date), dates, column(time), times);
    }

    private static T? Pattern<T>(YamlMap map, string key, string format, Func<string, T> create) where T : class
    {
        try
        {
            return create(format);
        }
        catch (InvalidPatternException)
        {
            // What the library says is about its own patterns and their rules; an example helps sooner.
            map.Problems.Add(map[key] ?? map.Node, $"'{format}' is no {What(key)}; write it with {Letters(key)}, and other words in '...'");
            return null;
        }
    }

    private static string What(string key) => key switch
    {
        "date-format" => "date format",
        "time-format" => "time-of-day format",
        _ => "time format",
    };

    private static string Letters(string key) => key switch
    {
        "date-format" => "yyyy, MM and dd, such as dd.MM.yyyy",
        "time-format" => "HH, mm and ss, such as HH:mm",
        _ => "yyyy, MM, dd, HH, mm and ss, such as yyyy-MM-dd HH:mm:ss, or as iso, unix or unix-ms",
    };
}
