using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using NodaTime;

namespace Laurel.Engine.Achievements;

/// <summary>How often somebody wins: so many times of so many draws. Two whole numbers, so that 1 in 3 is exact.</summary>
/// <param name="Wins">At least 1, at most <paramref name="Of"/>.</param>
public readonly record struct Chance(long Wins, long Of)
{
    public static Chance OneIn(int draws) => new(1, draws);

    /// <summary>Above 0, at most 100.</summary>
    public static Chance Percent(Amount percent) => new(percent.Thousandths, 100_000);
}

/// <summary>One random person among those who are online, drawn once a day at a set time of the installation's own site.</summary>
/// <param name="Minute">Of the day, from midnight.</param>
public sealed record LuckyDraw(int Minute, Chance Chance) : Rule
{
    [JsonIgnore]
    public override string Type => "lucky-draw";
    [JsonIgnore]
    public override IReadOnlyList<MetricKey> Metrics => [];
    [JsonIgnore]
    public override Repeat DefaultRepeat => Repeat.Day;
    [JsonIgnore]
    public override bool IsRecorded => true;
    /// <summary>"12:30".</summary>
    [JsonIgnore]
    public string Time => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Minute / 60:00}:{Minute % 60:00}");

    public override bool IsDrawn() => true;
    public override Succession? Succession() => Achievements.Succession.ByMoment;

    /// <summary>
    /// The instant of a workday's draw, in UTC milliseconds. Where clocks go forward over the time, the first instant after the gap; where
    /// they go back over it, the earlier of the two.
    /// </summary>
    public long At(DateTimeZone zone, Workday day) =>
        zone.ResolveLocal(day.Date.At(new LocalTime(Minute / 60, Minute % 60)), Resolver).ToInstant().ToUnixTimeMilliseconds();

    private static readonly NodaTime.TimeZones.ZoneLocalMappingResolver Resolver = NodaTime.TimeZones.Resolvers.CreateMappingResolver(
        NodaTime.TimeZones.Resolvers.ReturnEarlier, NodaTime.TimeZones.Resolvers.ReturnStartOfIntervalAfter);
}

/// <summary>What a draw is made of, and all that anybody needs to draw again.</summary>
/// <param name="Achievement">Its id.</param>
/// <param name="Candidates">Ids of people, each once, in the order of their UTF-8 bytes.</param>
public sealed record DrawRecord(string Achievement, Workday Day, Chance Chance, IReadOnlyList<string> Candidates)
{
    /// <summary>What the seed signs: lines that end with a line feed.</summary>
    public string Message => string.Create(System.Globalization.CultureInfo.InvariantCulture,
        $"laurel draw 1\n{Achievement}\n{Day}\n{Chance.Wins} of {Chance.Of}\n{string.Concat(Candidates.Select(c => $"{c}\n"))}");
}

/// <summary>
/// Draws by commit and reveal (M. Blum, Coin flipping by telephone, 1981): the SHA-256 of a random seed is published before anybody
/// is a candidate, the seed with the draw. HMAC-SHA-256 (RFC 2104) of the record under the seed gives two numbers u and v of 64 bits, big
/// endian. Somebody wins where u · of &lt; wins · 2^64; it is candidate number ⌊v · n / 2^64⌋, counted from 0 (D. Lemire, Fast random
/// integer generation in an interval, 2019: with n candidates no one's chance is off by more than n / 2^64).
/// </summary>
public static class DrawDecision
{
    public const int SeedBytes = 32;

    /// <summary>SHA-256 of the seed, in small hexadecimal digits.</summary>
    public static string Commitment(byte[] seed) => Convert.ToHexStringLower(SHA256.HashData(seed));

    /// <summary>Id of the winner; null where nobody wins.</summary>
    public static string? Winner(byte[] seed, DrawRecord record)
    {
        if (record.Candidates.Count == 0) return null;
        Span<byte> signed = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(seed, Encoding.UTF8.GetBytes(record.Message), signed);
        var (u, v) = (BinaryPrimitives.ReadUInt64BigEndian(signed), BinaryPrimitives.ReadUInt64BigEndian(signed[8..]));
        if ((UInt128)u * (ulong)record.Chance.Of >= ((UInt128)(ulong)record.Chance.Wins << 64)) return null;
        return record.Candidates[(int)(((UInt128)v * (ulong)record.Candidates.Count) >> 64)];
    }

    /// <summary>The workday of the next draw, after what has been drawn; null where none is to come by what is known.</summary>
    /// <param name="today">At the installation's own site.</param>
    /// <param name="isDone">Whether a workday's draw has been made, or was missed.</param>
    public static Workday? Next(RuleHistory history, DateTimeZone zone, Workday today, long now, Func<Workday, bool> isDone)
    {
        for (var day = today; day <= today.Plus(1); day = day.Plus(1))
            if (day >= history.CountsFrom && history.Spans.Any(s => s.From <= day && day <= s.Last)
                && !isDone(day) && ((LuckyDraw)history.InForce(day).Rule).At(zone, day) > now)
                return day;
        return null;
    }
}

/// <summary>When the next draw is; null where none is planned.</summary>
public sealed record NextDraw(long? At) : Progress
{
    public override double? Share => null;
}
