namespace Laurel.Browser.Tests.Platform;

/// <summary>The folder of the checkout, where the samples are.</summary>
internal static class Checkout
{
    public static readonly string Root = Find(new DirectoryInfo(AppContext.BaseDirectory));

    private static string Find(DirectoryInfo? folder) => folder switch
    {
        null => throw new DirectoryNotFoundException("The tests run inside a checkout: Laurel.slnx is in none of the folders above."),
        _ when File.Exists(Path.Combine(folder.FullName, "Laurel.slnx")) => folder.FullName,
        _ => Find(folder.Parent),
    };
}
