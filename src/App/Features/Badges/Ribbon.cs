using static Laurel.App.Features.Badges.SvgText;

namespace Laurel.App.Features.Badges;

/// <summary>The band across the foot of a tiered badge: folded tails, two lines of piping and the level as slab bars.</summary>
internal static class Ribbon
{
    public static string Draw(Metal metal, Hue hue, int level) => Xml($"""
        {Tail(hue)}<g transform="scale(-1 1)">{Tail(hue)}</g>
        <linearGradient id="r">
        {Stop(0, hue.Deep)}{Stop(.2, hue.Mid)}{Stop(.5, hue.Mid)}{Stop(.8, hue.Mid)}{Stop(1, hue.Deep)}
        </linearGradient>
        <path d="M-82 110Q0 140 82 110V115Q0 145-82 115Z" fill="{hue.Ink}"/>
        <path d="M-82 76Q0 106 82 76V112Q0 142-82 112Z" fill="url(#r)" stroke="{hue.Ink}" stroke-width="1.2" stroke-opacity=".7"/>
        <path d="M-82 76Q0 106 82 76V90Q0 120-82 90Z" fill="{hue.Light}" fill-opacity=".3"/>
        <path d="M-82 81Q0 111 82 81M-82 107Q0 137 82 107" fill="none" stroke="{metal.Light}" stroke-width="1.8"/>
        {Numeral(metal, hue, level)}
        """);

    /// <summary>The left one, with the fold by which it goes behind the band.</summary>
    private static string Tail(Hue hue) => Xml($"""
        <path d="M-62 92C-80 88-98 82-112 74L-103 95L-116 110C-98 118-80 124-60 127Z"
         fill="{hue.Deep}" stroke="{hue.Ink}" stroke-width="1.2" stroke-opacity=".7"/>
        <path d="M-82 112L-60 119V128Z" fill="{hue.Ink}"/>
        """);

    /// <summary>Bars under common serifs, so that the level reads without any font.</summary>
    private static string Numeral(Metal metal, Hue hue, int level)
    {
        var half = 6.25 * level + 3.5;
        var bars = Xml($"M{-half} 98H{half}V102.5H{-half}ZM{-half} 116.5H{half}V121H{-half}Z")
            + Repeat(level, i => Xml($"M{(i - (level - 1) / 2.0) * 12.5 - 3.5} 102h7v15h-7Z"));
        return Xml($"""
            <linearGradient id="n" x2="0" y2="1">{Stop(.3, "#fff")}{Stop(1, metal.Light)}</linearGradient>
            <path d="{bars}" fill="{hue.Ink}" fill-opacity=".55" transform="translate(0 2)"/><path d="{bars}" fill="url(#n)"/>
            """);
    }
}
