using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;

namespace Laurel.Engine.Reference;

/// <summary>A draw as it is recorded: given, and kept as it is.</summary>
/// <param name="Commitment">What had been published before it.</param>
/// <param name="Seed">What was published with it, in hexadecimal digits.</param>
/// <param name="At">UTC milliseconds.</param>
/// <param name="Winner">Id of who won; null for nobody.</param>
public sealed record NaiveDraw(
    AchievementKey Achievement, string Id, string Day, string Commitment, string Seed, long At, long Wins, long Of,
    IReadOnlyList<string> Candidates, string? Winner);

public static partial class NaiveAwards
{
    /// <summary>Who wins a draw by its record, worked out with whole numbers of any size; null for nobody.</summary>
    public static string? WinnerOf(NaiveDraw draw)
    {
        var record = new StringBuilder().Append("laurel draw 1\n").Append(draw.Id).Append('\n').Append(draw.Day).Append('\n')
            .Append(CultureInfo.InvariantCulture, $"{draw.Wins} of {draw.Of}\n");
        foreach (var candidate in draw.Candidates) record.Append(candidate).Append('\n');
        using var hmac = new HMACSHA256(Convert.FromHexString(draw.Seed));
        var signed = hmac.ComputeHash(Encoding.UTF8.GetBytes(record.ToString()));
        var (u, v) = (Number(signed[..8]), Number(signed[8..16]));
        var all = BigInteger.Pow(2, 64);
        return draw.Candidates.Count > 0 && u * draw.Of < draw.Wins * all
            ? draw.Candidates[(int)(v * draw.Candidates.Count / all)]
            : null;

        static BigInteger Number(byte[] bytes) => new(bytes, isUnsigned: true, isBigEndian: true);
    }

    /// <summary>What is wrong with a record by itself; null where nothing is.</summary>
    public static string? WrongWith(NaiveDraw draw)
    {
        if (Convert.ToHexString(SHA256.HashData(Convert.FromHexString(draw.Seed))).ToLowerInvariant() != draw.Commitment)
            return "the seed is not the one that was committed to";
        for (var i = 1; i < draw.Candidates.Count; i++)
            if (Encoding.UTF8.GetBytes(draw.Candidates[i - 1]).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(draw.Candidates[i])) >= 0)
                return "its candidates are not each there once, in order";
        return WinnerOf(draw) == draw.Winner ? null : $"{WinnerOf(draw) ?? "nobody"} should have won";
    }

    /// <summary>The awards of draws: whoever the records say, whatever has become of what the candidates did.</summary>
    public static IReadOnlyList<Held> Draws(IEnumerable<NaiveDraw> draws, Func<string, PersonKey> person) =>
        [.. draws.Where(d => WinnerOf(d) is not null)
            .Select(d => new Held(d.Achievement, 0, person(WinnerOf(d)!), d.Day, d.At, Amount.One))];
}
