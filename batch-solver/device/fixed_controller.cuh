// The step size the user gave.
template <class System, class Buffers> struct fixed_controller {
    static constexpr bool adaptive = false;

    BR_DEVICE static scalar step_size(const typename Buffers::state_type& s) { return s.dt; }
};
