using System.Globalization;
using System.Net;
using System.Text;
using Laurel.App.Features.Badges;

namespace Laurel.App.Features.Digests;

/// <summary>
/// A digest as HTML that mail programs show alike: one column of 600 pixels, tables, styles at the elements, no pictures, no script,
/// nothing from elsewhere; and as plain text. Nothing in it needs a picture to be understood, for most programs hide them.
/// </summary>
public static class DigestLook
{
    private const string Font = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;";
    private const string Night = "#14183d", Ink = "#1a1d38", Muted = "#545a7a", Line = "#e2e5f2", Soft = "#eceffa", Brand = "#3a43e0";

    public static string Html(DigestContent content, DigestFoot foot, string language)
    {
        var html = new StringBuilder();
        html.Append(CultureInfo.InvariantCulture, $"""
            <!DOCTYPE html>
            <html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
            <meta name="color-scheme" content="light"><title>{E(content.Subject)}</title></head>
            <body style="margin:0;padding:0;background:{Soft};">
            <table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="background:{Soft};"><tr><td align="center"
              style="padding:16px 8px;">
            <table role="presentation" width="600" cellpadding="0" cellspacing="0"
              style="width:100%;max-width:600px;background:#ffffff;border-radius:12px;">
            <tr><td align="center" style="background:{Night};border-radius:12px 12px 0 0;padding:28px 24px;{Font}color:#ffffff;">
            <p style="margin:0 0 16px;font-size:15px;font-weight:700;">Laurel</p>
            <p style="margin:0 0 8px;font-size:13px;font-weight:700;color:#ffd166;">{E(content.Eyebrow)}</p>
            <h1 style="margin:0;font-size:28px;line-height:34px;">{E(content.Heading)}</h1>
            """);
        if (content.Hero is { } hero)
            html.Append(CultureInfo.InvariantCulture, $"""

                <div style="padding:20px 0 8px;">{Coin(hero.Badge, 88)}</div>
                <h2 style="margin:0 0 4px;font-size:20px;line-height:26px;">{E(hero.Title)}</h2>
                <p style="margin:0;font-size:15px;line-height:22px;color:#c9cdee;">{E(hero.Text)}</p>
                """);
        html.Append(CultureInfo.InvariantCulture, $"</td></tr>\n<tr><td style=\"padding:8px 24px 24px;{Font}color:{Ink};\">");
        if (content.Tiles.Count > 0) Tiles(html, content.Tiles);
        foreach (var section in content.Sections) Section(html, section);
        if (content.Words is { } words)
            html.Append(CultureInfo.InvariantCulture, $"""

                <p style="margin:24px 0 0;padding:16px;border-radius:10px;background:#fff3cf;color:#5c4300;font-size:15px;
                line-height:22px;">{E(words)}</p>
                """);
        html.Append(CultureInfo.InvariantCulture, $"""

            <table role="presentation" cellpadding="0" cellspacing="0" align="center" style="margin:28px auto 0;"><tr>
            <td align="center" style="border-radius:24px;background:{Brand};"><a href="{E(foot.Site + content.Action.Path)}"
              style="display:inline-block;padding:13px 28px;{Font}font-size:15px;font-weight:700;color:#ffffff;
              text-decoration:none;">{E(content.Action.Text)}</a></td>
            </tr></table>
            </td></tr>
            <tr><td align="center"
              style="background:{Soft};border-radius:0 0 12px 12px;padding:20px 24px;{Font}font-size:13px;line-height:20px;color:{Muted};">
            <p style="margin:0 0 6px;">{E(foot.Rhythm)}</p>
            <p style="margin:0;"><a href="{E(foot.UnsubscribeLink)}" style="color:{Brand};">{E(foot.Unsubscribe)}</a> &middot;
            <a href="{E(foot.Site)}/digests" style="color:{Brand};">{E(foot.Change)}</a></p>
            """);
        if (foot.Postal is { } postal) html.Append(CultureInfo.InvariantCulture, $"<p style=\"margin:6px 0 0;\">{E(postal)}</p>");
        return html.Append("</td></tr>\n</table></td></tr></table></body></html>\n").ToString();
    }

    public static string Text(DigestContent content, DigestFoot foot)
    {
        var text = new StringBuilder();
        text.AppendLine(content.Heading).AppendLine(content.Eyebrow).AppendLine();
        if (content.Hero is { } hero)
        {
            text.AppendLine(hero.Title);
            if (!string.IsNullOrEmpty(hero.Text)) text.AppendLine(hero.Text);
            text.AppendLine();
        }
        foreach (var (number, label) in content.Tiles) text.Append(number).Append(' ').AppendLine(label);
        if (content.Tiles.Count > 0) text.AppendLine();
        foreach (var section in content.Sections)
        {
            text.AppendLine(section.Title).AppendLine(new string('-', section.Title.Length));
            foreach (var line in section.Lines)
            {
                var head = line.Mark is null ? line.Title : $"{line.Title} ({line.Mark})";
                text.Append("* ").AppendLine(line.End is null ? head : $"{head}: {line.End}");
                if (!string.IsNullOrEmpty(line.Text)) text.Append("  ").AppendLine(line.Text);
            }
            if (section.More is { } more) text.AppendLine(more);
            text.AppendLine();
        }
        if (content.Words is { } words) text.AppendLine(words).AppendLine();
        text.Append(content.Action.Text).Append(": ").Append(foot.Site).AppendLine(content.Action.Path).AppendLine();
        text.AppendLine("-- ").AppendLine(foot.Rhythm);
        text.Append(foot.Unsubscribe).Append(": ").AppendLine(foot.UnsubscribeLink);
        text.Append(foot.Change).Append(": ").Append(foot.Site).AppendLine("/digests");
        if (foot.Postal is { } postal) text.AppendLine(postal);
        return text.ToString();
    }

    private static void Tiles(StringBuilder html, IReadOnlyList<(string Number, string Label)> tiles)
    {
        html.Append("\n<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"8\" style=\"margin:12px 0 0;\"><tr>");
        foreach (var (number, label) in tiles)
            html.Append(CultureInfo.InvariantCulture, $"""
                <td align="center" valign="top" width="{100 / tiles.Count}%"
                  style="background:{Soft};border-radius:10px;padding:14px 8px;{Font}color:{Ink};">
                <span style="font-size:22px;font-weight:700;">{E(number)}</span><br>
                <span style="font-size:13px;color:{Muted};">{E(label)}</span></td>
                """);
        html.Append("</tr></table>");
    }

    private static void Section(StringBuilder html, DigestSection section)
    {
        html.Append(CultureInfo.InvariantCulture, $"""

            <h2 style="margin:28px 0 8px;font-size:18px;line-height:24px;">{E(section.Title)}</h2>
            <table role="presentation" width="100%" cellpadding="0" cellspacing="0">
            """);
        foreach (var line in section.Lines)
        {
            html.Append("\n<tr>");
            var cell = $"padding:12px 0;border-bottom:1px solid {Line};{Font}";
            if (line.Badge is { } badge)
                html.Append(CultureInfo.InvariantCulture, $"<td width=\"56\" valign=\"top\" style=\"{cell}\">{Coin(badge, 40)}</td>");
            var wide = line.Badge is null ? " colspan=\"2\"" : "";
            html.Append(CultureInfo.InvariantCulture,
                $"<td valign=\"top\" style=\"{cell}color:{Ink};font-size:15px;line-height:21px;\"{wide}><b>{E(line.Title)}</b>");
            if (line.Mark is { } mark)
                html.Append(CultureInfo.InvariantCulture,
                    $" <span style=\"font-size:12px;font-weight:700;color:{Brand};\">{E(mark)}</span>");
            if (!string.IsNullOrEmpty(line.Text))
                html.Append(CultureInfo.InvariantCulture, $"<br><span style=\"font-size:14px;color:{Muted};\">{E(line.Text)}</span>");
            if (line.Share is { } share) Bar(html, share);
            html.Append("</td><td align=\"right\" valign=\"top\" style=\"").Append(cell).Append(CultureInfo.InvariantCulture,
                $"padding-left:12px;font-size:14px;line-height:21px;color:{Muted};\">{E(line.End)}</td></tr>");
        }
        html.Append("</table>");
        if (section.More is { } more)
            html.Append(CultureInfo.InvariantCulture, $"<p style=\"margin:8px 0 0;font-size:14px;color:{Muted};\">{E(more)}</p>");
    }

    private static void Bar(StringBuilder html, double share)
    {
        var done = (int)Math.Round(Math.Clamp(share, 0, 1) * 100);
        html.Append("<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" style=\"margin-top:8px;\"><tr>");
        if (done > 0)
            html.Append(CultureInfo.InvariantCulture,
                $"<td width=\"{done}%\" style=\"height:8px;line-height:8px;font-size:1px;background:#f0a11c;\">&nbsp;</td>");
        if (done < 100)
            html.Append(CultureInfo.InvariantCulture,
                $"<td width=\"{100 - done}%\" style=\"height:8px;line-height:8px;font-size:1px;background:#f7e6bf;\">&nbsp;</td>");
        html.Append("</tr></table>");
    }

    /// <summary>White on the shade of the enamel, with a rim of the metal: readable in every hue.</summary>
    private static string Coin(DigestBadge? badge, int size)
    {
        var (hue, metal) = badge?.Family is { } family ? (family.Hue, Metals.Of(badge.Level)) : (Hues.Stone, Metals.Stone);
        var sign = badge?.Family is null ? "?" : badge.Level switch
        {
            BadgeLevel.One => "I",
            BadgeLevel.Two => "II",
            BadgeLevel.Three => "III",
            _ => "&#9733;",
        };
        var ground = badge?.Family is null ? hue.Ink : hue.Deep;
        var rim = size > 60 ? 6 : 3;
        var (inner, align) = (size - (2 * rim), size > 60 ? "center" : "left");
        return string.Create(CultureInfo.InvariantCulture, $"""
            <table role="presentation" cellpadding="0" cellspacing="0" align="{align}"><tr>
            <td width="{inner}" height="{inner}" align="center" valign="middle" aria-hidden="true"
            style="background:{ground};border:{rim}px solid {metal.Base};border-radius:{size}px;{Font}font-size:{size * 36 / 100}px;
            font-weight:700;color:#ffffff;">{sign}</td></tr></table>
            """);
    }

    private static string E(string? text) => WebUtility.HtmlEncode(text ?? "");
}
