namespace Laurel.App.Tests;

/// <summary>The data that tests read: samples of the checkout and the full public sets.</summary>
internal static class DataSets
{
    /// <summary>The full public data sets: LAUREL_DATA, otherwise beside the checkout. Tests over them end in FullSetTests.</summary>
    public static string FullData { get; } =
        Environment.GetEnvironmentVariable("LAUREL_DATA") is { Length: > 0 } set
            ? set
            : Path.Combine(Checkout.Root, "..", "shared", "data");

    public static string Sample(params string[] path) => Path.Combine([Checkout.Root, "samples", .. path]);
}
