namespace Laurel.App.Platform.Live;

/// <summary>
/// The number of the person's latest news when a page is made: its live stream starts after that, so what happens while the page
/// travels is not lost. Registered by the feature that serves /live; without one pages are not live.
/// </summary>
public delegate ValueTask<long> LatestNews(long person);
