using Laurel.App.Platform.Localisation;

namespace Laurel.App.Features.Notifications;

/// <summary>A way on which people are told beside the inbox, which always tells.</summary>
/// <param name="Id">As it is kept.</param>
/// <param name="Name">An English text, the key of its translation.</param>
/// <param name="About">The same: what it is.</param>
public sealed record NoticeChannel(string Id, string Name, string About)
{
    public static readonly NoticeChannel Toast =
        new("toast", Ui.Text("Toast"), Ui.Text("A short note in a corner of the open page."));

    /// <summary>Those that there are; each has a column of choices, and quiet hours hold all of them back.</summary>
    public static readonly IReadOnlyList<NoticeChannel> All = [Toast];
}
